"""Made-up absence spells and employments of any number, written by the engine itself: nothing is held in memory."""

from __future__ import annotations

from pathlib import Path

import duckdb

SPELLS_PER_PERSON = 20
SEED = 0.2007
FAULTY_OF_A_THOUSAND = 1


def write_made_up(folder: Path, n_spells: int, numbers: list[str]) -> tuple[Path, Path]:
    """Write ``n_spells`` spells of 2005-2009 as CSV, and one employment for each person; return both paths.

    Lengths are 1 to 54 days on a logarithmic scale, so that about one spell in ten overlaps another of the same
    person; one row in a thousand has a grade of 120 per cent. All rows carry the origin "syntetisk".
    """
    spells, jobs = folder / f"spells_{n_spells}.csv", folder / f"jobs_{n_spells}.csv"
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "1000MB", "temp_directory": str(folder)})
    connection.execute("SET enable_progress_bar = false")
    connection.execute(
        "CREATE TABLE numbers AS SELECT unnest($1) AS number, unnest(range(len($1))) AS place", [numbers]
    )
    connection.execute(f"SELECT setseed({SEED})")
    n_persons = max(1, n_spells // SPELLS_PER_PERSON)
    person = """'P' || lpad(CAST(person AS VARCHAR), 9, '0') AS person_key, number AS municipality_number,
        ['health_care', 'education', 'kindergarten', 'other'][1 + person % 4] AS sector"""
    share = "['100', '75', '62,5', '50'][1 + (person // 7) % 4] AS position_share_pct"
    connection.execute(f"""
        COPY (
            SELECT {person}, first_day, first_day + length AS last_day,
                CASE WHEN row % 1000 < {FAULTY_OF_A_THOUSAND} THEN '120' WHEN row % 5 = 0 THEN '50' ELSE '100' END
                    AS grade_pct,
                {share}, CASE WHEN length < 8 THEN 'self' ELSE 'doctor' END AS certificate, 'syntetisk' AS origin
            FROM (
                SELECT range AS row, CAST(floor(random() * {n_persons}) AS BIGINT) AS person,
                    DATE '2005-01-01' + CAST(floor(random() * 1760) AS INTEGER) AS first_day,
                    CAST(floor(exp(random() * 4)) AS INTEGER) - 1 AS length
                FROM range({n_spells})
            ) JOIN numbers ON place = person % {len(numbers)}
        ) TO '{spells}' (DELIMITER ';')""")
    connection.execute(f"""
        COPY (
            SELECT {person}, '2005-01-01' AS first_day, '' AS last_day, {share}, 'syntetisk' AS origin
            FROM (SELECT range AS person FROM range({n_persons})) JOIN numbers ON place = person % {len(numbers)}
        ) TO '{jobs}' (DELIMITER ';')""")
    connection.close()
    return spells, jobs

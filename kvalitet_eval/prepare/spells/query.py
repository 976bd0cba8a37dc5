"""The two queries from microdata to municipality, quarter and sector, in SQL that several engines run unchanged.

Only joins on equality, sums, whole numbers and two window functions are used; there is no date arithmetic. Tables:

* ``spells``: job (one number per person, job, municipality and sector), municipality_number, sector, certificate
  (``self`` or ``doctor``), first_day, last_day (dates, both included, inside the period), grade and share (whole
  numbers, thousandths of a per cent, 1 to 100 000).
* ``employments``: person (number), municipality_number, sector, first_day, last_day, share.
* ``calendar``, ``quarter_spans``, ``numbers``: from :mod:`kvalitet_eval.prepare.spells.calendar`.

A spell is the working days after ``start_day`` up to and including ``stop_day``, both counted from the first day of the
period. Sums are of whole numbers, so that the order of rows, threads and machines does not matter.
"""

from __future__ import annotations

LOST_DAYS = """
WITH ordered AS (
    SELECT job, municipality_number, sector, certificate, first_day, last_day, grade, share,
        MAX(last_day) OVER (
            PARTITION BY job ORDER BY first_day, last_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS last_before,
        LEAD(first_day) OVER (PARTITION BY job ORDER BY first_day, last_day) AS next_first
    FROM spells
),
pieces AS (
    SELECT o.job, o.municipality_number, o.sector, o.certificate, o.first_day, o.last_day, o.grade, o.share,
        q.quarter_number,
        GREATEST(f.days_before, q.days_before) AS start_day,
        LEAST(l.days_through, q.days_through) AS stop_day,
        CASE WHEN q.quarter_number = f.quarter_number THEN 1 ELSE 0 END AS is_first,
        CASE WHEN o.last_before >= o.first_day OR o.next_first <= o.last_day THEN 1 ELSE 0 END AS is_touching
    FROM ordered AS o
    JOIN calendar AS f ON f.calendar_day = o.first_day
    JOIN calendar AS l ON l.calendar_day = o.last_day
    JOIN quarter_spans AS q ON q.first_quarter = f.quarter_number AND q.last_quarter = l.quarter_number
),
touching AS (
    SELECT job, municipality_number, sector, certificate, first_day, last_day, grade, share,
        quarter_number, start_day, stop_day, is_first, COUNT(*) - 1 AS n_repeats
    FROM pieces
    WHERE is_touching = 1
    GROUP BY job, municipality_number, sector, certificate, first_day, last_day, grade, share,
        quarter_number, start_day, stop_day, is_first
),
edges AS (
    SELECT job, quarter_number, start_day AS edge FROM touching
    UNION
    SELECT job, quarter_number, stop_day AS edge FROM touching
),
segments AS (
    SELECT job, quarter_number, edge AS start_day,
        LEAD(edge) OVER (PARTITION BY job, quarter_number ORDER BY edge) AS stop_day
    FROM edges
),
covered AS (
    SELECT t.municipality_number, t.sector, s.quarter_number, s.start_day, s.stop_day,
        SUM(CASE WHEN t.certificate = 'doctor' THEN t.grade ELSE 0 END) AS doctor_grade,
        SUM(CASE WHEN t.certificate = 'self' THEN t.grade ELSE 0 END) AS self_grade,
        MAX(t.share) AS share
    FROM segments AS s
    JOIN touching AS t ON t.job = s.job AND t.quarter_number = s.quarter_number
        AND t.start_day <= s.start_day AND t.stop_day >= s.stop_day
    GROUP BY s.job, t.municipality_number, t.sector, s.quarter_number, s.start_day, s.stop_day
),
parts AS (
    SELECT municipality_number, sector, quarter_number,
        CASE WHEN certificate = 'self' THEN CAST(grade AS BIGINT) * share * (stop_day - start_day) ELSE 0 END
            AS lost_self,
        CASE WHEN certificate = 'doctor' THEN CAST(grade AS BIGINT) * share * (stop_day - start_day) ELSE 0 END
            AS lost_doctor,
        CAST(grade AS BIGINT) * share * (stop_day - start_day) AS stated,
        is_first AS n_spells, 0 AS n_repeated
    FROM pieces
    WHERE is_touching = 0
    UNION ALL
    SELECT municipality_number, sector, quarter_number, 0, 0,
        CAST(grade AS BIGINT) * share * (stop_day - start_day), is_first, is_first * n_repeats
    FROM touching
    UNION ALL
    SELECT municipality_number, sector, quarter_number,
        CAST(LEAST(self_grade, 100000 - LEAST(doctor_grade, 100000)) AS BIGINT) * share * (stop_day - start_day),
        CAST(LEAST(doctor_grade, 100000) AS BIGINT) * share * (stop_day - start_day),
        0, 0, 0
    FROM covered
),
cells AS (
    SELECT municipality_number, sector, quarter_number, SUM(lost_self) AS lost_self, SUM(lost_doctor) AS lost_doctor,
        SUM(stated) AS stated, SUM(n_spells) AS n_spells, SUM(n_repeated) AS n_repeated
    FROM parts
    GROUP BY municipality_number, sector, quarter_number
)
SELECT n.municipality_number, c.sector, c.quarter_number,
    CAST(SUM(c.lost_self) AS DOUBLE) / 1e10 AS lost_days_self,
    CAST(SUM(c.lost_doctor) AS DOUBLE) / 1e10 AS lost_days_doctor,
    CAST(SUM(c.stated) AS DOUBLE) / 1e10 AS stated_days,
    CAST(SUM(c.n_spells) AS BIGINT) AS n_spells,
    CAST(SUM(c.n_repeated) AS BIGINT) AS n_repeated
FROM cells AS c
JOIN numbers AS n ON n.recorded = c.municipality_number AND n.quarter_number = c.quarter_number
GROUP BY n.municipality_number, c.sector, c.quarter_number
ORDER BY n.municipality_number, c.sector, c.quarter_number
"""
"""Lost person-days; a job never loses more than all of itself on one day.

Where spells of one job overlap, their grades are added up to at most 100 per cent, doctor-certified first, times the
largest stated size of the job; identical rows are one spell. ``stated_days`` is what the spells say without that limit.
"""

AGREED_DAYS = """
WITH pieces AS (
    SELECT e.person, e.municipality_number, e.sector, q.quarter_number,
        CAST(e.share AS BIGINT) * (LEAST(l.days_through, q.days_through) - GREATEST(f.days_before, q.days_before))
            AS agreed,
        CASE WHEN q.quarter_number < l.quarter_number OR l.is_quarter_end = 1 THEN 1 ELSE 0 END AS is_present
    FROM employments AS e
    JOIN calendar AS f ON f.calendar_day = e.first_day
    JOIN calendar AS l ON l.calendar_day = e.last_day
    JOIN quarter_spans AS q ON q.first_quarter = f.quarter_number AND q.last_quarter = l.quarter_number
),
people AS (
    SELECT n.municipality_number, p.sector, p.quarter_number, p.person,
        SUM(p.agreed) AS agreed, MAX(p.is_present) AS is_present
    FROM pieces AS p
    JOIN numbers AS n ON n.recorded = p.municipality_number AND n.quarter_number = p.quarter_number
    GROUP BY n.municipality_number, p.sector, p.quarter_number, p.person
)
SELECT municipality_number, sector, quarter_number,
    CAST(SUM(is_present) AS DOUBLE) AS employees,
    CAST(SUM(agreed) AS DOUBLE) / 1e5 AS agreed_days
FROM people
GROUP BY municipality_number, sector, quarter_number
ORDER BY municipality_number, sector, quarter_number
"""
"""Agreed person-days (working days times size of the job) and persons employed on the last day of the quarter."""

"""Absence spells of persons or units, summed to municipality and quarter without any person in what comes out."""

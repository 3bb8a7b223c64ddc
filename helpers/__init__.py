"""The small shared toolbox of the series: each idea is met in a notebook first."""

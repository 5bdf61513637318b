"""Prints CSV as a Markdown table."""

import argparse
import csv
import sys


def table(rows: list[list[str]]) -> str:
    """The Markdown table of rows, the first of which is the header."""
    columns = max((len(row) for row in rows), default=0)
    cells = [[cell.replace("|", r"\|") for cell in row] + [""] * (columns - len(row)) for row in rows]
    widths = [max(3, *(len(row[i]) for row in cells)) for i in range(columns)]

    def line(row: list[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"

    ruler = line(["-" * width for width in widths])
    return "\n".join([line(cells[0]), ruler, *map(line, cells[1:])]) if cells else ""


def main() -> None:
    parser = argparse.ArgumentParser(prog="tablefmt", description=__doc__)
    parser.add_argument("file", nargs="?", help="CSV file (default: standard input)")
    parser.add_argument("-d", "--delimiter", default=",", help="what separates the fields (default: comma)")
    arguments = parser.parse_args()
    source = open(arguments.file, newline="", encoding="utf-8") if arguments.file else sys.stdin
    with source:
        print(table(list(csv.reader(source, delimiter=arguments.delimiter))))


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Reads a workbook with a reader that is not ours (openpyxl) and prints what it finds, for the tests.

  read_xlsx.py FILE                  one line a sheet: name, rows, columns, state; tabs between
  read_xlsx.py FILE SHEET [ROW ROW]  rows of a sheet (from, to; 1-based, both included): one JSON list a line; a date is
                                     {"date": "..."}, a duration {"seconds": n}, a formula {"formula": "..."}
  read_xlsx.py --look FILE SHEET     what a spreadsheet program makes of it: frozen panes, filter, widths, choices, protection
  read_xlsx.py --properties FILE     document and custom properties, one "name: value" a line
  read_xlsx.py --check FILE          every part parsed as strict XML; times of the container; says "ok"
"""
import datetime
import json
import sys
import zipfile
from xml.etree import ElementTree

import openpyxl


def plain(cell):
    v = cell.value
    if cell.data_type == "f":
        return {"formula": str(v)}
    if isinstance(v, datetime.datetime) and "[h]" in (cell.number_format or ""):
        # The reader takes a duration of a day and more for a date; its day 60 is one too many.
        first = datetime.datetime(1899, 12, 31 if v < datetime.datetime(1900, 3, 1) else 30)
        return {"seconds": round((v - first).total_seconds())}
    if isinstance(v, datetime.datetime):
        return {"date": v.isoformat()}
    if isinstance(v, datetime.time):
        return {"seconds": v.hour * 3600 + v.minute * 60 + v.second}
    if isinstance(v, datetime.timedelta):
        return {"seconds": round(v.total_seconds())}
    return v


def sheets(path):
    book = openpyxl.load_workbook(path, read_only=True)
    for ws in book.worksheets:
        rows = columns = 0
        for row in ws.iter_rows():
            used = [i for i, c in enumerate(row) if c.value is not None]
            if used:
                rows += 1
                columns = max(columns, used[-1] + 1)
        print(ws.title, rows, columns, ws.sheet_state, sep="\t")


def cells(path, sheet, first=None, last=None):
    book = openpyxl.load_workbook(path, read_only=True)
    for row in book[sheet].iter_rows(min_row=first and int(first), max_row=last and int(last)):
        print(json.dumps([plain(c) for c in row], ensure_ascii=False))


def look(path, sheet):
    book = openpyxl.load_workbook(path)
    ws = book[sheet]
    print("frozen:", ws.freeze_panes)
    print("filter:", ws.auto_filter.ref)
    print("merged:", len(ws.merged_cells.ranges))
    print("protected:", bool(ws.protection.sheet))
    print("orientation:", ws.page_setup.orientation)
    print("paper:", ws.page_setup.paperSize)
    print("fit:", ws.page_setup.fitToWidth, ws.page_setup.fitToHeight)
    print("repeat:", ws.print_title_rows)
    print("footer:", ws.oddFooter.left.text, "|", ws.oddFooter.right.text)
    print("charts:", len(ws._charts))
    for rule in ws.data_validations.dataValidation:
        name = rule.formula1.lstrip("=")
        target = book.defined_names.get(name)
        print("choices:", rule.sqref, name, target.value if target else None)
    for c in ws[1]:
        print("head:", c.coordinate, c.font.b, c.font.color and c.font.color.rgb, c.fill.start_color.rgb)
    for c in ws[2] if ws.max_row > 1 else []:
        print("cell:", c.coordinate, c.number_format, "locked" if c.protection.locked else "unlocked")


def properties(path):
    book = openpyxl.load_workbook(path)
    p = book.properties
    for name in ("title", "subject", "creator", "created", "keywords", "category"):
        print(f"{name}: {getattr(p, name)}")
    with zipfile.ZipFile(path) as z:
        for prop in ElementTree.fromstring(z.read("docProps/custom.xml")):
            print(f"{prop.get('name')}: {prop[0].text}")
        book_xml = z.read("xl/workbook.xml").decode()
        print("read-only recommended:", "readOnlyRecommended=\"1\"" in book_xml)


def check(path):
    with zipfile.ZipFile(path) as z:
        if z.testzip():
            sys.exit("bad checksum")
        for info in z.infolist():
            if info.date_time not in ((1980, 1, 1, 0, 0, 0), (1980, 0, 0, 0, 0, 0)):
                sys.exit(f"{info.filename} has a time: {info.date_time}")
            ElementTree.fromstring(z.read(info))
    print("ok")


def main(args):
    if args and args[0].startswith("--"):
        {"--look": look, "--properties": properties, "--check": check}[args[0]](*args[1:])
    elif len(args) == 1:
        sheets(args[0])
    else:
        cells(*args)


main(sys.argv[1:])

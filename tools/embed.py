#!/usr/bin/env python3
"""Writes the files of the console's page as C++ source: embed.py OUT.cpp FOLDER"""
import pathlib
import sys

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


def main():
    out, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    text = ['#include "console/page.h"\n\n#include <array>\n\nnamespace console {\nnamespace {\n']
    rows = []
    for number, file in enumerate(sorted(folder.iterdir())):
        data = file.read_bytes()
        numbers = "".join(f"{byte}," + ("\n" if at % 24 == 23 else "") for at, byte in enumerate(data))
        text.append(f"constexpr unsigned char kFile{number}[] = {{\n{numbers}0}};\n")
        rows.append(f'    PageFile{{"/{file.name}", "{TYPES[file.suffix]}",\n'
                    f"             {{reinterpret_cast<const char*>(kFile{number}), {len(data)}}}}},\n")
    text.append(f"const std::array<PageFile, {len(rows)}> kFiles{{\n{''.join(rows)}}};\n")
    text.append("}  // namespace\n\nstd::span<const PageFile> page_files() {\n    return kFiles;\n}\n\n"
                "}  // namespace console\n")
    out.write_text("".join(text))


if __name__ == "__main__":
    main()

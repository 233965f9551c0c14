"""From files to columns of text: the only part of intake that touches files.

In: the study folder and the patterns of the study file. Out: `RawTable`s, whose `head` (the first records, as text)
lets `shapes` recognise which program wrote them, and whose `load` reads chosen columns below the header.
Everything is text exactly as a person would see it in a spreadsheet, with row numbers as a spreadsheet shows them
(SPSS and Stata: the number of the case). What a file is, is decided by its first bytes, never by its name alone.

Fails with UserError where a file is empty, cut off, ragged, in no known encoding, or not what its name says.
"""

from alongside.intake.readers.files import SUFFIXES, list_files, open_table, read_text_table
from alongside.intake.readers.raw import RawTable, Reading

__all__ = ["SUFFIXES", "RawTable", "Reading", "list_files", "open_table", "read_text_table"]

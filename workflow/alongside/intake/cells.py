"""A column of text, stored once per different text.

Survey columns repeat a handful of answers a million times. `Cells` keeps each different text once (`texts`) and a whole
number per row (`codes`), so that any rule about text (is it blank, which number does it mean) is worked out once per
different text and handed to the rows by one indexing. There is no missing value: an empty cell is the text "".
"""

import numpy as np
import pandas as pd


class Cells:
    def __init__(self, codes, texts):
        self.codes = np.asarray(codes)
        self.texts = list(texts)

    @classmethod
    def of(cls, values):
        """From any sequence of texts; None counts as an empty cell."""
        codes, texts = pd.factorize(np.array(["" if value is None else value for value in values], dtype=object))
        return cls(codes, texts)

    @classmethod
    def constant(cls, text, length):
        return cls(np.zeros(length, dtype=np.int32), [text])

    def __len__(self):
        return len(self.codes)

    def take(self, positions):
        return Cells(self.codes[positions], self.texts)

    def spread(self, function, dtype):
        """function(text) for every row, called once per different text."""
        results = np.empty(len(self.texts), dtype=dtype)
        for place, text in enumerate(self.texts):
            results[place] = function(text)
        return results[self.codes]

    def replace(self, function):
        """The same rows with every text changed by `function`."""
        codes, texts = pd.factorize(np.array([function(text) for text in self.texts], dtype=object))
        return Cells(np.asarray(codes, dtype=np.int64)[self.codes], texts)

    def text(self):
        return np.array([*self.texts, ""], dtype=object)[:-1][self.codes]

    def with_text(self, position, text):
        """A copy in which one row holds another text."""
        codes = self.codes.astype(np.int64)
        codes[position] = len(self.texts)
        return Cells(codes, [*self.texts, text])

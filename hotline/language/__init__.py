"""How the hotline says things in Mandarin: numbers as words and words as pinyin. Pure functions."""

"""The rules of feeds in plain Python: no Django, no database, no clock.

``source`` turns bytes into rows · ``contract`` says what a file means · ``cells`` types one
cell · ``rows`` types a row and knows it again · ``profile`` describes a file · ``drift``
compares it with what the feed used to be · ``mapping`` says which documents the rows make.
"""

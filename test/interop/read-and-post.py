"""Reads and posts with nntplib, and prints what it saw as JSON. Arguments: port."""

import json
import nntplib
import sys

seen = {}
server = nntplib.NNTP("127.0.0.1", int(sys.argv[1]), readermode=True, timeout=20)
seen["welcome"] = server.getwelcome()
seen["capabilities"] = server.getcapabilities()
seen["groups"] = sorted(tuple(group) for group in server.list()[1])
seen["described"] = server.descriptions("local.*")[1]
seen["description"] = server.description("local.test")
seen["new groups"] = len(server.newgroups(__import__("datetime").datetime(2001, 1, 1))[1])
_, count, first, last, name = server.group("local.test")
seen["group"] = [count, first, last, name]
_, rows = server.over((first, last))
seen["over"] = [[number, fields] for number, fields in rows]
seen["decoded"] = [nntplib.decode_header(fields["subject"]) for _, fields in rows]
seen["subjects"] = server.xhdr("subject", "1-2")[1]
seen["stat"] = server.stat("<second@interop.example>")[2]
server.stat("1")
seen["next"] = server.next()[1:]
seen["last"] = server.last()[1:]
seen["body"] = [line.decode("utf-8") for line in server.body("<first@interop.example>")[1].lines]
seen["head"] = [line.decode("utf-8") for line in server.head("2")[1].lines]
article = server.article("1")[1]
seen["article"] = [article.number, article.message_id, len(article.lines)]
seen["date"] = server.date()[1].year > 2000

text = """From: Py <py@example.org>
Newsgroups: local.test
Subject: From nntplib
References: <first@interop.example>
Message-ID: <nntplib@interop.example>

.begins with a dot
.
It is the end.
"""
seen["posted"] = server.post(text.replace("\n", "\r\n").encode())
try:
    server.post(text.encode())
except nntplib.NNTPError as error:
    seen["again"] = error.response
seen["listed"] = server.group("local.test")[1]
seen["new"] = server.newnews("local.test", __import__("datetime").datetime(2001, 1, 1))[1]
seen["quit"] = server.quit()
json.dump(seen, sys.stdout)

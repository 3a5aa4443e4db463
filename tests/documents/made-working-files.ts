const CODE =
  "/** Keeps bees. */\nclass Hive {\n  # Opens it.\n  def open(self):\n    '''Doc.'''\n    return { a: [1, `x`] };\n  }\n}\n";
const MAIL =
  "From: =?utf-8?Q?Ana_B?= <a@b.example>\r\nSubject: Gate\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Open =E2=80=93 at nine.</p>\r\n--b\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nJVBER\r\n--b--\r\n";

/** A file of each format of subtitles, data, notebooks, mail, markup and code. */
export const WORKING_FILES: readonly [name: string, text: string][] = [
  [
    "a.srt",
    "1\n00:00:01,000 --> 00:00:02,000\n<i>Bees</i> &amp; we\n\n2\n00:00:09,000 --> 00:00:11,000\n- sleep.\n",
  ],
  [
    "a.vtt",
    "WEBVTT - Bees\n\nNOTE no\n\n00:01.000 --> 00:02.000\n<v Mary>Come <00:00:01.500><c>in</c>!</v>\n",
  ],
  [
    "a.json",
    '{"name": "Bees", // so\n "beds": [{"a": 1, "b": "x"}, {"a": 2, "b": null}], "n": {"d": ["long\\n\\ntext", 1e5]}}',
  ],
  ["a.jsonl", '{"q":"When?","a":{"b":[1,2]}}\n{"q":"Who?"}\n[1]\n'],
  [
    "a.ipynb",
    '{"cells":[{"cell_type":"markdown","source":["# Bees\\n","- sleep"]},{"cell_type":"code","source":"a = 1","outputs":[{"text":["1"]}]}],"metadata":{}}',
  ],
  ["a.eml", MAIL],
  [
    "a.mbox",
    `From a@b.example Mon Mar  3 09:00:00 2025\n${MAIL}\n\nFrom a@b.example Mon Mar  3 09:00:00 2025\n${MAIL}`,
  ],
  [
    "a.rst",
    "====\nBees\n====\n\nThey *sleep* ``x`` :func:`~a.b` |n|_::\n\n  code\n\n.. note:: So\n   it is.\n\n+--+--+\n|a |b |\n+==+==+\n|c    |\n+--+--+\n\n== ==\na  b\n== ==\n\nterm\n  meaning\n\n1. one\n\n   * two\n",
  ],
  ...["ts", "py", "java", "rs", "cpp", "go", "php", "rb", "cs", "yaml", "toml", "sql"].map(
    (extension): [string, string] => [`a.${extension}`, CODE],
  ),
];

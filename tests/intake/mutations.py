"""Changes to the grammar's tables, each with what it does to the figures that the table holds."""

import copy
import random
import re

FOREIGN = ["限额以上", "人均", "新增", "国庆期间", "目标", "预计", "计划", "重点企业", "农产品", "环比", "占比", "考核", "拟报", "不含汽车", "排名", "测算", "直播", "同期"]  # fmt: skip
LINES = ["填报日期：2026年1月10日", "渝商务发〔2024〕19号", "2026年2月3日", "附件1", "表号：商消202表", "填表人：张三", "（盖章）", "制表日期：2024年3月1日"]  # fmt: skip
HEADS = ["排名", "位次", "2026年目标", "完成率（%）", "2025年预计", "上年同期", "占比（%）", "环比（%）", "折算数", "其中：限上", "人均", "增加额", "可比口径", "联系电话"]  # fmt: skip
DRESS = ["{}①", "{}¹", "{}*", "{}注1", "约{}", "{}预计", "({})", "-{}", "{}万", "{}/3", "{}—99", "{}（目标）", "{}↑", "{} 2", "{}%", "'{}", "{}e", "#{}", "{}，5", "={}+1"]  # fmt: skip
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")


def _figures(row):
    return [i for i, c in enumerate(row) if isinstance(c, int | float) and not isinstance(c, bool)]


def _bodies(table):
    return [r for r, row in enumerate(table.rows) if _figures(row) and isinstance(row[0], str) and row[0]]


def line_above(table, rng):
    """A line of no effect over all the rest."""
    if not table.merges and not table.hidden:
        table.rows.insert(0, [rng.choice(LINES)])


def foreign_word(table, rng):
    """A word that changes what figures are, in the only title of a table: nothing may be read."""
    titles = [r for r, row in enumerate(table.rows) if sum(c not in ("", None) for c in row) == 1]
    if titles[:1] == [0] and table.name.startswith(("good title", "line ", "sheet ", "bad title")):
        text = str(table.rows[0][0])
        at = rng.choice([i for i in range(len(text) + 1) if not (text[:i][-1:].isalnum() and text[i:][:1].isdigit())])
        if not any(w in text for w in ("）", "Online")) and "：" not in text:
            table.rows[0][0] = text[:at] + rng.choice(FOREIGN) + text[at:]
            table.allowed = {}


def dressed(table, rng):
    """A figure with something beside it: read as it was, or not at all."""
    rows = _bodies(table)
    if rows:
        row = table.rows[rng.choice(rows)]
        i = rng.choice(_figures(row))
        counted = any(re.search("家|[（(]吨", str(c)) for r in table.rows for c in r)
        dress = rng.choice([d for d in DRESS if not (counted and "万" in d)])  # 57万 under 家 or 吨 is what it says
        row[i] = str(row[i]).translate(WIDE) if rng.random() < 0.3 else dress.format(row[i])


def row_gone(table, rng):
    """A row of figures left out."""
    rows = _bodies(table)
    if rows and not table.merges and not table.hidden:
        del table.rows[rng.choice(rows)]


def row_again(table, rng):
    """A row of figures that stands twice."""
    rows = _bodies(table)
    if rows and not table.merges and not table.hidden:
        r = rng.choice(rows)
        table.rows.insert(r, list(table.rows[r]))


def rows_swapped(table, rng):
    """Two neighbouring rows in the other order."""
    pairs = [(a, b) for a in _bodies(table) for b in _bodies(table) if b == a + 1]
    if pairs and not table.merges and not table.hidden:
        a, b = rng.choice(pairs)
        table.rows[a], table.rows[b] = table.rows[b], table.rows[a]


def column_more(table, rng):
    """A column at the right that holds none of the indicator's own figures."""
    heads = [r for r, row in enumerate(table.rows) if str(row[0]).strip() in ("区县", "指标", "指标名称", "年份")]
    if heads and not table.name.startswith(("side", "pairs")):
        width, word = max(map(len, table.rows)), rng.choice(HEADS)
        for r, row in enumerate(table.rows):
            row += [""] * (width - len(row))
            row.append(word if r in heads else rng.randint(1000, 9999) if _figures(row) else "")


def word_beside(table, rng):
    """A word under no head beside a row's figures, which then may be anything."""
    rows = _bodies(table)
    if rows:
        row = table.rows[rng.choice(rows)]
        each = [c for r in table.rows for i, c in enumerate(r) if i in _figures(r)]
        gone = {round(float(row[i]), 9) for i in _figures(row) if each.count(row[i]) == 1}
        row += [""] * (max(map(len, table.rows)) - len(row))
        row.append(rng.choice(FOREIGN))
        table.allowed = {k: v for k, v in table.allowed.items() if round(float(v), 9) not in gone}


def _replaced(table, old, new):
    table.rows = [[c.replace(old, new) if isinstance(c, str) else c for c in row] for row in table.rows]


def other_year(table, rng):
    """Another year wherever the year stands."""
    texts = " ".join(str(c) for row in table.rows for c in row) + table.sheet
    if "2021" not in texts and "二〇" not in texts and "2025" not in table.sheet:
        _replaced(table, "2025", "2021")
        table.allowed = {(i, a, p.replace("2025", "2021")): v for (i, a, p), v in table.allowed.items()}


def other_unit(table, rng):
    """万元 wherever 亿元 stands."""
    texts = " ".join(str(c) for row in table.rows for c in row)
    if "亿元" in texts and "万元" not in texts:
        _replaced(table, "亿元", "万元")
        table.allowed = {k: round(v / 10_000, 9) if k[0].startswith("online") else v for k, v in table.allowed.items()}


def other_area(table, rng):
    """Another area wherever one stands."""
    texts = " ".join(str(c) for row in table.rows for c in row)
    if "万州区" in texts and "巫溪" not in texts:
        _replaced(table, "万州区", "巫溪县")
        table.allowed = {(i, "500238" if a == "500101" else a, p): v for (i, a, p), v in table.allowed.items()}


def blank_column(table, rng):
    """A blank column at the left."""
    if not table.merges:
        table.rows = [["", *row] for row in table.rows]


CHANGES = [line_above, foreign_word, dressed, dressed, row_gone, row_again, rows_swapped, column_more, word_beside, other_year, other_unit, other_area, blank_column]  # fmt: skip


def mutated(tables, seed):
    """One table with up to three changes, and their names."""
    rng = random.Random(seed)
    table = copy.deepcopy(rng.choice(tables))
    # Changes that count on the first column or the first row come before those that move them.
    order = sorted(
        rng.sample(range(len(CHANGES)), rng.randint(1, 3)), key=lambda n: (CHANGES[n] in (line_above, blank_column), n)
    )
    names = []
    for n in order:
        CHANGES[n](table, rng)
        names.append(CHANGES[n].__name__)
    table.name = f"{seed} {table.name} {names}"
    return table

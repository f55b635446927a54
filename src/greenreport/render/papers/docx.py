def paper_docx(run, paper, pages, own): return b""

"""What `quarto render` and `quarto preview`, called by hand in the repository, need of this project.

Quarto runs the two scripts here with its Python: one stages a notebook on its way, the other lays out the theme.
"""

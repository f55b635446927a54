"""Runs: parameters, sweep, papermill execution, preloaded kernels, cache, manifest, schedulers.

Knows notebooks as files with a parameters cell and findings among their outputs; must not know what they say
or how they look (never `present`, never `render`). Submodules are imported one by one so that the command
line starts quickly: `params.load`, `sweep.plan_pages`, `build.build`, `build.status`, `manifest.read`, `verify.verify`.
"""

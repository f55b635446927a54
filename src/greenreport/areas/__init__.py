"""The roster of areas through time: names, validity, groupings, tile maps, bridges across changes.

Must not know any indicator or figure, nor any area by name.
"""

from greenreport.areas.load import load_roster
from greenreport.areas.model import Area, Bridge, Role, Tile
from greenreport.areas.roster import Roster

__all__ = ["Area", "Bridge", "Role", "Roster", "Tile", "load_roster"]

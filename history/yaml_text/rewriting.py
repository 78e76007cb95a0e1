"""The smallest patches that make a text mean other data.

The tree of the text is gone through together with the data wanted; where they differ, a patch is
noted. What stays is never rewritten, comments and blank lines included.
"""

from functools import partial

from kvartal.history.yaml_text.block_style import rewrite_list, rewrite_mapping
from kvartal.history.yaml_text.flow_style import rewrite_braces, rewrite_brackets
from kvartal.history.yaml_text.nodes import ListNode, MapNode
from kvartal.history.yaml_text.patches import Difference, Notebook


def rewrite(notes: Notebook, wanted: Difference) -> bool:
    """Note what makes a collection mean other data.

    Returns:
        Whether that can be done within it. If not, nothing has been noted: it is to be replaced as
        a whole.
    """
    node, old, new = wanted.node, wanted.old, wanted.new
    descend = partial(rewrite, notes)
    count = notes.count()
    notes.around.append(node)
    done = False
    if isinstance(node, MapNode) and isinstance(old, dict) and isinstance(new, dict):
        done = (rewrite_braces if node.flow else rewrite_mapping)(notes, wanted, descend)
    elif isinstance(node, ListNode) and isinstance(old, list) and isinstance(new, list):
        done = (rewrite_brackets if node.flow else rewrite_list)(notes, wanted, descend)
    notes.around.pop()
    if not done:
        notes.forget(count)
    return done

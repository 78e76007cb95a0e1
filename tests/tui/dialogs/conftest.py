import copy
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from kvartal.schema.changes import PlanData
from kvartal.tui.forms.context import FormContext
from tests.tui.dialogs.stage import FakeLedger, context_of


@pytest.fixture(scope="session")
def published(root: Path) -> PlanData:
    """The real plan, not to be altered."""
    data: PlanData = YAML(typ="safe").load(root / "plan" / "2024.yaml")
    return data


@pytest.fixture
def data(published: PlanData) -> PlanData:
    """The real plan, to be altered at will."""
    return copy.deepcopy(published)


@pytest.fixture
def ledger() -> FakeLedger:
    return FakeLedger()


@pytest.fixture
def context(data: PlanData, ledger: FakeLedger) -> FormContext:
    return context_of(data, ledger)

"""Files that cannot be read as they are: each fault is told with its place, all of them in one pass."""

import pytest
from tests.unit.adapters.dmn_xml.test_dmn_reading import DMN, file, literal

from comptroller.adapters.dmn_xml import read


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        pytest.param("<decision id='d'/>", [("DMN-READ-02", "decision")], id="a decision without name"),
        pytest.param(
            "<decision name='d'><informationRequirement><requiredInput/></informationRequirement></decision>",
            [("DMN-READ-03", "decision[d]/informationRequirement/requiredInput")],
            id="a reference to nothing",
        ),
        pytest.param(
            "<decision name='d'><list><description>x</description><guess/></list></decision>",
            [("DMN-READ-06", "decision[d]/list/guess")],
            id="an element of a list of an unknown kind",
        ),
        pytest.param(
            f"<decision name='d'><relation><column/><row>{literal('1')}</row></relation></decision>",
            [("DMN-READ-02", "decision[d]/relation/column")],
            id="a column without name",
        ),
        pytest.param(
            f"<decision name='d'><context><contextEntry><variable/>{literal('1')}</contextEntry></context></decision>",
            [("DMN-READ-02", "decision[d]/context/contextEntry/variable")],
            id="an entry without name",
        ),
        pytest.param(
            f"<decision name='d'><invocation>{literal('f')}<binding>{literal('1')}</binding></invocation></decision>",
            [("DMN-READ-06", "decision[d]/invocation/binding")],
            id="a binding of no parameter",
        ),
        pytest.param(
            "<businessKnowledgeModel name='b'><encapsulatedLogic><formalParameter/></encapsulatedLogic>"
            "</businessKnowledgeModel>",
            [("DMN-READ-02", "businessKnowledgeModel[b]/encapsulatedLogic/formalParameter")],
            id="a parameter without name",
        ),
        pytest.param(
            "<decision name='d'><knowledgeRequirement/></decision>",
            [("DMN-READ-08", "decision[d]/knowledgeRequirement")],
            id="a knowledge requirement of nothing",
        ),
        pytest.param(
            "<decision name='d'><guess/></decision>",
            [("DMN-READ-06", "decision[d]")],
            id="logic of an unknown kind",
        ),
        pytest.param(
            "<decision id='d' name='d'><variable id='v' name='d'/><literalExpression id='v'><text>1</text>"
            "</literalExpression></decision><inputData id='i' name='i'><variable id='v' name='i'/></inputData>",
            [("DMN-READ-09", "decision[d]/literalExpression")],
            id="an id used twice",
        ),
        pytest.param(
            "<decision name='d'><informationRequirement/></decision>",
            [("DMN-READ-08", "decision[d]/informationRequirement")],
            id="a requirement of nothing",
        ),
        pytest.param(
            "<decision name='d'><functionDefinition kind='COBOL'/></decision>",
            [("DMN-READ-04", "decision[d]/functionDefinition")],
            id="an unknown kind of function",
        ),
        pytest.param(
            "<decision name='d'><literalExpression><importedValues/></literalExpression></decision>",
            [("DMN-READ-05", "decision[d]/literalExpression")],
            id="imported values",
        ),
        pytest.param(
            "<decision name='d'><conditional><if><guess/></if></conditional></decision>",
            [
                ("DMN-READ-06", "decision[d]/conditional/if"),
                ("DMN-READ-06", "decision[d]/conditional"),
                ("DMN-READ-06", "decision[d]/conditional"),
            ],
            id="every part of an expression that is missing",
        ),
        pytest.param(
            "<import name='p' namespace='urn:p' importType='http://www.dmg.org/PMML-4_2'/>",
            [("DMN-READ-07", "import[p]")],
            id="an import of another kind",
        ),
        pytest.param(
            "<decision name='d'><decisionTable hitPolicy='BEST' aggregation='MEAN'><input/></decisionTable></decision>",
            [
                ("DMN-HIT-01", "decision[d]/decisionTable"),
                ("DMN-HIT-02", "decision[d]/decisionTable"),
                ("DMN-READ-06", "decision[d]/decisionTable/input"),
            ],
            id="an unknown hit policy, an unknown aggregation, an input without expression",
        ),
    ],
)
def test_faults_are_collected(content: str, faults: list[tuple[str, str]]) -> None:
    found, told = read(file(content))
    assert sorted((fault.code, fault.path) for fault in told) == sorted(faults)
    assert found is not None
    assert found.faults == told


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"no XML", "XML-SYNTAX-01", id="no XML"),
        pytest.param(b"<!DOCTYPE d><d/>", "XML-DOCTYPE-01", id="DOCTYPE"),
        pytest.param(b"<definitions/>", "DMN-READ-01", id="no namespace"),
        pytest.param(
            file("", namespace="http://www.omg.org/spec/BPMN/20100524/MODEL"), "DMN-READ-01", id="a BPMN file"
        ),
        pytest.param(f'<decision xmlns="{DMN}" name="d"/>'.encode(), "DMN-READ-01", id="a part of a file"),
    ],
)
def test_what_is_no_model_is_refused(data: bytes, code: str) -> None:
    found, faults = read(data)
    assert found is None
    assert [fault.code for fault in faults] == [code]

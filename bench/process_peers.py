"""The peer of the process bench: SpiffWorkflow, given the very files, its state saved and restored as JSON.

Its serializer writes the model into every state. Whoever keeps many cases would keep the model apart, so that way is
measured too, by a converter of the bench's own. Scripts and conditions are Python to it; those of the file are written
so that Python and FEEL read them alike, and the value of the script becomes the variable that the file names.
"""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

RESULT: Final = "released"
"""The variable that the file's script sets."""


class _Scripts(PythonScriptEngine):  # type: ignore[misc] # the library has no types
    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        task.data[RESULT] = self.evaluate(task, script, external_context)
        return True


class Spiff:
    """SpiffWorkflow with one process; with `apart` the model is not in the states."""

    def __init__(self, bpmn: Path, dmn: Path, process: str, *, apart: bool) -> None:
        parser = SpiffBpmnParser()
        parser.add_dmn_file(str(dmn))
        parser.add_bpmn_file(str(bpmn))
        self._spec, self._scripts = parser.get_spec(process), _Scripts()
        kinds = {**SPIFF_CONFIG, BpmnWorkflow: _apart(self._spec)} if apart else SPIFF_CONFIG
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(kinds))

    def begin(self, variables: dict[str, Any]) -> str:
        """Start a case and go on until a person is asked; answers the state."""
        workflow = BpmnWorkflow(self._spec, script_engine=self._scripts)
        workflow.get_next_task(state=TaskState.READY).set_data(**variables)
        workflow.do_engine_steps()
        return str(self._serializer.serialize_json(workflow))

    def finish(self, state: str, outputs: dict[str, Any]) -> tuple[str, Any]:
        """Complete the person's task; answers the state at the end, and the variables."""
        workflow = self._serializer.deserialize_json(state)
        workflow.script_engine = self._scripts
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.set_data(**outputs)
        task.run()
        workflow.do_engine_steps()
        if not workflow.completed:
            raise SystemExit("SpiffWorkflow: the case has not ended")
        return str(self._serializer.serialize_json(workflow)), workflow.last_task.data


def _apart(spec: Any) -> type[Any]:
    class Converter(BpmnWorkflowConverter):  # type: ignore[misc] # as above
        def to_dict(self, workflow: Any) -> Any:
            return WorkflowConverter.to_dict(self, workflow)

        def from_dict(self, dct: Any) -> Any:
            workflow = self.target_class(spec, {}, deserializing=True)
            workflow.tasks = self.mapping_from_dict(dct["tasks"], UUID, workflow=workflow)
            workflow.task_tree = workflow.tasks[UUID(dct["root"])]
            self.set_default_attributes(workflow, dct)
            return workflow

    return Converter

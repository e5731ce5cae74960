"""A small model: what a ride costs, by age; nobody says what it costs from sixty-five on."""

FARES = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="fares" name="Fares" namespace="urn:fares">
  <itemDefinition id="type-holder" name="tHolder">
    <itemComponent id="type-name" name="name"><typeRef>string</typeRef></itemComponent>
    <itemComponent id="type-since" name="since"><typeRef>date</typeRef></itemComponent>
    </itemDefinition>
  <inputData id="age" name="age"><variable id="age-variable" name="age" typeRef="number"/></inputData>
  <inputData id="holder" name="holder"><variable id="holder-variable" name="holder" typeRef="tHolder"/></inputData>
  <decision id="fare" name="fare">
    <variable id="fare-variable" name="fare" typeRef="number"/>
    <informationRequirement id="fare-age"><requiredInput href="#age"/></informationRequirement>
    <decisionTable id="fare-table" hitPolicy="UNIQUE">
      <input id="fare-in" label="age">
        <inputExpression id="fare-age-text" typeRef="number"><text>age</text></inputExpression>
        </input>
      <output id="fare-out" typeRef="number"/>
      <annotation name="text"/>
      <rule id="child">
        <inputEntry id="c1"><text>[0..14)</text></inputEntry>
        <outputEntry id="c2"><text>5</text></outputEntry>
        <annotationEntry><text>half</text></annotationEntry>
        </rule>
      <rule id="adult">
        <inputEntry id="a1"><text>[14..65)</text></inputEntry>
        <outputEntry id="a2"><text>10</text></outputEntry>
        <annotationEntry><text>full</text></annotationEntry>
        </rule>
    </decisionTable>
  </decision>
  <decision id="ticket" name="ticket">
    <variable id="ticket-variable" name="ticket"/>
    <informationRequirement id="ticket-fare"><requiredDecision href="#fare"/></informationRequirement>
    <informationRequirement id="ticket-age"><requiredInput href="#age"/></informationRequirement>
    <informationRequirement id="ticket-holder"><requiredInput href="#holder"/></informationRequirement>
    <context id="ticket-context">
      <contextEntry id="t1"><variable id="t1-variable" name="price"/>
        <literalExpression id="t1-text"><text>fare</text></literalExpression>
        </contextEntry>
      <contextEntry id="t2"><variable id="t2-variable" name="name"/>
        <literalExpression id="t2-text"><text>holder.name</text></literalExpression>
        </contextEntry>
      <contextEntry id="t3"><variable id="t3-variable" name="held"/>
        <literalExpression id="t3-text"><text>holder != null</text></literalExpression></contextEntry>
    </context>
  </decision>
</definitions>
"""

EXAMPLES = b"""
decision: fare
given: {age: 9}
situations:
  - title: a child pays half
    expect: {"": 5}
  - title: an adult pays in full
    given: {age: 40}
    expect: {"": 10}
"""

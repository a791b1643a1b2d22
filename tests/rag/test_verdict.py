"""Who asks for a decision on a person is told why there is none; who asks for the law is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.elsewhere import elsewhere_topics
from corpus.verdict import VerdictForm, verdict_forms
from rag.elsewhere import NearestTopic
from rag.engine import Fundstelle
from rag.outcome import Outcome
from rag.personal import mask
from rag.verdict import NO_VERDICT, Wish, decided, wish

PERSON = [
    "Darf ich Herrn X ausweisen?",
    "Darf ich Herrn Muster ausweisen?",
    "Bekommt mein Kunde die Niederlassungserlaubnis?",
    "Kann ich Frau Beispiel die Aufenthaltserlaubnis verlängern?",
    "Muss ich Herrn Probe die Duldung erteilen?",
    "Sollen wir Familie Örnek abschieben?",
    "Darf Frau Beispiel abgeschoben werden?",
    "Kann Herr Muster nach acht Jahren eingebürgert werden?",
    "Wird meine Mandantin ausgewiesen?",
    "Soll ich den Antrag wegen fehlender Unterlagen ablehnen?",
    "Kriegt Herr Demir eine Blaue Karte?",
    "Erhält Frau Probe Leistungen nach dem AsylbLG?",
    "Bekommt er eine Arbeitserlaubnis?",
    "Hat mein Mandant Anspruch auf eine Aufenthaltserlaubnis?",
    "Hat Frau Muster einen Anspruch auf Einbürgerung?",
    "Hat sie Chancen auf die Niederlassungserlaubnis?",
    "Erfüllt Herr Beispiel die Voraussetzungen des § 25b AufenthG?",
    "Erfüllt meine Kundin alle Bedingungen für den Nachzug?",
    "Steht Frau Muster eine Duldung zu?",
    "Ist Herr Probe ausreisepflichtig?",
    "Ist mein Mandant einzubürgern?",
    "Darf ich ihn abschieben?",
    "Sollte ich ihr die Fiktionsbescheinigung ausstellen?",
    "Ali Beispiel, geb. 3.4.1990: kann ich ihn ausweisen?",
    "Darf ich Ali Beispiel einbürgern?",
    "Verliert mein Sohn seine Aufenthaltserlaubnis?",
    "Kann die ABH Herrn Muster in Abschiebungshaft nehmen?",
    "Entscheide bitte den Fall nach § 25b AufenthG",
    "Wie soll ich bei einer Ausbildungsduldung mit Vorstrafen entscheiden?",
]
BARE = [
    "Reicht das für Frau Beispiel?",
    "Muss dieser Antrag abgelehnt werden: kann ich ihn ablehnen?",
    "Soll ich diesen Antrag genehmigen?",
    "Soll ich den Antrag von Frau K. ablehnen?",
    "Entscheide bitte den Fall von Frau Muster",
    "Entscheide den Fall",
    "Entscheiden Sie bitte diesen Antrag",
    "Bitte entscheide meinen Fall.",
    "Prüfen Sie bitte den Antrag von Herrn Beispiel",
    "Beurteile diesen Fall, bitte",
    "Was würdest du hier entscheiden?",
    "Wie soll ich entscheiden?",
    "Genehmigen oder ablehnen?",
    "Herr Muster: ablehnen oder erteilen?",
    "Triff bitte die Entscheidung für mich",
    "Nimm mir die Entscheidung ab",
]
ABSTRACT = [
    "Wann darf eine Person ausgewiesen werden?",
    "Darf ich neben dem Studium arbeiten?",
    "Darf man einen Geduldeten abschieben, der krank ist?",
    "Wann darf ich einen Antrag ablehnen?",
    "Muss ich einen Antrag ablehnen, wenn der Pass fehlt?",
    "Wer entscheidet über die Ausweisung?",
    "Welche Behörde entscheidet über den Antrag?",
    "Wann ist ein Antrag abzulehnen?",
    "Bekommt man nach fünf Jahren die Niederlassungserlaubnis?",
    "Bekommt eine Fachkraft früher die Niederlassungserlaubnis?",
    "Bekommen Studierende Bürgergeld?",
    "Hat ein Geduldeter Anspruch auf Arbeit?",
    "Haben Ehegatten Anspruch auf Familiennachzug?",
    "Erfüllt ein Au-pair die Voraussetzungen?",
    "Steht Geduldeten eine Arbeitserlaubnis zu?",
    "Wenn ein Kind hier geboren ist, bekommt es einen Titel?",
    "Ein Asylbewerber heiratet eine Deutsche: bekommt er eine Aufenthaltserlaubnis?",
    "Ist ein Ausländer mit abgelaufenem Visum ausreisepflichtig?",
    "Darf die Behörde eine Niederlassungserlaubnis widerrufen?",
    "Kann eine Einbürgerung zurückgenommen werden?",
    "Kann ich die Aufenthaltserlaubnis verlängern, wenn der Pass abgelaufen ist?",
    "Darf ich mit Duldung heiraten?",
    "Welche Fristen gelten bei der Abschiebung?",
    "Frau aus Syrien mit Duldung, welche Titel kommen in Betracht?",
    "Was gilt, wenn der Antrag verspätet gestellt wird?",
    "Ermessen bei der Ausweisung",
    "Entscheidung über den Asylantrag, wie lange dauert sie?",
    "Wie wird über die Niederlassungserlaubnis entschieden?",
    "Wie lange dauert es, bis entschieden wird?",
    "Was prüft die Behörde beim Familiennachzug?",
    "Dürfen Flüchtlinge abgeschoben werden?",
    "Soll ich einen Anwalt nehmen?",
    "Herr Beispiel hat eine Duldung: welche Vorschriften regeln die Beschäftigung?",
    "Welche Voraussetzungen hat § 25b AufenthG?",
    "Kann die Frist verlängert werden?",
    "Wer darf einen Bescheid erlassen?",
    "Können wir Unterlagen nachfordern?",
    "Darf meine Frau arbeiten?",
    "Darf mein Kunde neben dem Studium arbeiten?",
    "Unter welchen Voraussetzungen kann jemand eingebürgert werden?",
]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        *((question, Wish.PERSON) for question in PERSON),
        *((question, Wish.BARE) for question in BARE),
        *((question, Wish.NOTHING) for question in ABSTRACT),
    ],
)
def test_what_is_to_be_decided(question: str, expected: Wish) -> None:
    assert wish(mask(question).text) is expected


def test_the_law_is_shown_with_a_sentence_why_nothing_is_decided(fundstelle: Fundstelle) -> None:
    answer = fundstelle.ask(
        "Darf ich Herrn Muster nach § 16b Abs. 3 AufenthG die Erlaubnis erteilen?"
    )
    assert answer.outcome is Outcome.ANSWERED
    assert answer.message.endswith(NO_VERDICT)
    assert NO_VERDICT in answer.notices
    assert answer.statements


@pytest.mark.parametrize(
    "question", ["Entscheide bitte den Fall von Frau Muster", "Genehmigen oder ablehnen?"]
)
def test_where_nothing_is_asked_of_the_law_nothing_is_answered(
    fundstelle: Fundstelle, question: str
) -> None:
    answer = fundstelle.ask(question)
    assert answer.outcome is Outcome.CASE_DECISION_REFUSED
    assert answer.statements == ()
    assert answer.passages == ()


def test_a_question_about_the_law_gets_no_such_sentence(fundstelle: Fundstelle) -> None:
    answer = fundstelle.ask("Was regelt § 16b Abs. 3 AufenthG?")
    assert NO_VERDICT not in (answer.message, *answer.notices)


def test_who_is_sent_away_only_for_wanting_a_decision_gets_the_law(fundstelle: Fundstelle) -> None:
    result = fundstelle.search("Darf ich Herrn Muster zur Arbeit im Studium zulassen?")
    topics = {topic.id: topic for topic in elsewhere_topics()}

    def ended(question: str, topic: str) -> Outcome:
        nearest = NearestTopic(topics[topic], lead=1.0, wording=0.0, phrasing=0.0, worded=True)
        confidence = replace(result.confidence, probability=0.1, topic=nearest)
        asked = replace(result.question, text=question)
        changed = replace(result, question=asked, confidence=confidence)
        return decided(changed, Outcome.OUT_OF_SCOPE, "...")[0]

    person, law = "Darf ich Herrn [Name] ausweisen?", "Wann darf ich ausweisen?"
    assert ended(person, "einzelfall-entscheidung") is Outcome.ANSWERED
    assert ended(person, "smalltalk") is Outcome.OUT_OF_SCOPE
    assert ended(law, "einzelfall-entscheidung") is Outcome.OUT_OF_SCOPE
    assert ended("Soll ich den Antrag ablehnen?", "smalltalk") is Outcome.CASE_DECISION_REFUSED


def test_the_question_before_is_something_abstract(fundstelle: Fundstelle) -> None:
    alone = fundstelle.ask("Soll ich den Antrag ablehnen?")
    after = fundstelle.ask("Soll ich den Antrag ablehnen?", history=("Was regelt § 16b AufenthG?",))
    assert alone.outcome is Outcome.CASE_DECISION_REFUSED
    assert after.outcome is not Outcome.CASE_DECISION_REFUSED


@pytest.mark.parametrize("form", verdict_forms().forms, ids=lambda form: form.name)
def test_every_form_is_one_that_people_use(form: VerdictForm) -> None:
    assert any(form.pattern.search(mask(question).text) for question in (*PERSON, *BARE))


def test_the_topics_that_refer_decisions_elsewhere_exist() -> None:
    assert verdict_forms().topics <= {topic.id for topic in elsewhere_topics()}

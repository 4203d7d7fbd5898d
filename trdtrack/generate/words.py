"""The words synthetic people are made of: names, drugs, notes. All invented; no list was taken from anywhere."""

from __future__ import annotations

from trdtrack.domain.records import DrugClass, Modality

GIVEN_NAMES = (
    *("Ada", "Bela", "Carla", "Dario", "Edda", "Fabian", "Gesa", "Henrik", "Ilka", "Jonas", "Karin", "Levin"),
    *("Marta", "Nils", "Olga", "Piet", "Rieke", "Sven", "Thea", "Udo", "Vera", "Wim", "Yara", "Zeno"),
)
FAMILY_NAMES = (
    *("Ahorn", "Birkfeld", "Celander", "Dornbach", "Eichloh", "Farnsted", "Ginsterau", "Heidemoor", "Ilexborn"),
    *("Jasminau", "Kiefernau", "Lindholt", "Moosbrunn", "Nesselrain", "Orlebach", "Pappelhorn", "Quellhain"),
    *("Rauschenau", "Schilfmoor", "Tannried", "Ulmenhag", "Vogelbeer", "Weidental", "Zirbelau"),
)
THERAPISTS = (
    *("Dr Amsel", "Dr Buchfink", "Dr Dohle", "Dr Elster", "Dr Falke", "Dr Girlitz", "Dr Habicht", "Dr Kranich"),
    *("Dr Lerche", "Dr Meise", "Dr Pirol", "Dr Reiher", "Dr Schwalbe", "Dr Star", "Dr Wachtel", "Dr Zeisig"),
)
MODALITIES = (
    *(Modality.CBT, Modality.CBT, Modality.CBT, Modality.BA, Modality.CBASP, Modality.MBCT),
    *(Modality.IPT, Modality.PSYCHODYNAMIC),
)
DRUGS = (
    ("sertraline", DrugClass.SSRI, "150 mg"),
    ("escitalopram", DrugClass.SSRI, "20 mg"),
    ("fluoxetine", DrugClass.SSRI, "40 mg"),
    ("venlafaxine", DrugClass.SNRI, "225 mg"),
    ("duloxetine", DrugClass.SNRI, "60 mg"),
    ("mirtazapine", DrugClass.OTHER, "30 mg"),
    ("bupropion", DrugClass.OTHER, "300 mg"),
    ("amitriptyline", DrugClass.TRICYCLIC, "150 mg"),
    ("tranylcypromine", DrugClass.MAOI, "30 mg"),
)
AUGMENTATIONS = (("lithium", "900 mg"), ("quetiapine", "150 mg"), ("aripiprazole", "5 mg"))
PHASES = ("Activation", "Working on thoughts", "Relationships", "Relapse prevention")
TASKS = (
    "Diary, two lines an evening",
    "Two walks with a neighbour",
    "Thought record, once a day",
    "Ring the brother on Sunday",
    "One hour in the garden, whatever the mood",
    "",
)
NOTES = (
    "Went through the week; the mornings are still the worst.",
    "Kept the diary on four days out of seven.",
    "A quarrel at work, looked at step by step.",
    "Slept better since the walks began.",
    "Did not do the task and was ashamed of it; made it smaller.",
    "Talked about the father's illness.",
    "Met a friend for the first time since spring.",
    "Little energy; stayed with what was possible.",
    "Wrote down what to do when the evenings get long.",
    "Looked back at the first weeks; noticed what has changed.",
)
EVENTS = ("Moved house", "Lost the job", "Separated", "A grandchild was born", "Back at work for half the day")
RISK_ASKED = "Thoughts of being dead, plans, means, what holds"
RISK_FOUND = ("Passive thoughts, no plan", "Thoughts on two evenings, no plan, spoke about it at home")
RISK_PLAN = "Numbers on the card gone over again; looked at together at each session"

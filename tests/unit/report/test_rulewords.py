from alongside.tables.rulewords import word_rule, word_stage


def test_a_known_rule_has_words_and_says_what_it_is_about():
    assert word_rule("no-consent") == "no consent"
    assert word_rule("straight-line:self_esteem") == "same answer throughout (self esteem)"


def test_an_unknown_rule_is_never_hidden():
    assert word_rule("moon-was-full") == "moon was full"
    assert word_stage("fly_kites: moon-was-full") == "fly kites: moon was full"


def test_stages_are_verbs_of_a_reader():
    assert word_stage("read_exports: no-id") == "Reading: no identifier"
    assert word_stage("score_answers") == "Scoring"

"""The study and the run described in plain values, for results.json.

In: the study file's typed parts, its instruments, the flow and the responses. Out: results["study"] and
results["provenance"] (their shape: report/results.py). Nothing about single people: of the responses only the first
and the last month with enough of them is kept.

Fingerprints are of contents: of the study file as it was read (a comment changes nothing), of every codebook as it was
read, and of the bytes of every file, keyed by all of them (docs/decisions/0056-fingerprints-of-files.md).
"""

import hashlib
import hmac
import json
import platform
from importlib import metadata
from pathlib import Path

from alongside.instruments import find_measure

# DuBois 2011 and Raposa 2019 agree on .21; Wood & Mayo-Wilson 2012 is the largest value of eight school-based trials
YOUTH_MENTORING = (
    {
        "value": 0.21,
        "short": "youth mentoring",
        "label": "average over published evaluations of youth mentoring",
        "citation": "DuBois et al. 2011 (73 evaluations); Raposa et al. 2019 (70 studies)",
    },
    {
        "value": 0.09,
        "short": "in schools",
        "label": "largest average over trials of school-based mentoring (self-esteem)",
        "citation": "Wood & Mayo-Wilson 2012 (8 trials)",
    },
)
PROGRAMS = (
    "alongside-evaluation", "formulaic", "matplotlib", "numpy", "pandas", "scipy", "statsmodels", "XlsxWriter",
)  # fmt: skip


def name_key(key):
    """'self_esteem' -> 'Self esteem': a key of the study file as a reader's words."""
    words = key.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def describe_study(plan, *, instruments, flow, estimates):
    """results["study"].

    plan: slug, info, participants, waves, outcomes, analysis, contrasts, report and baseline of the study
    instruments: {id: Instrument}; flow, estimates: public tables, which say what was collected and modelled
    """
    cohort, analysis = plan.participants.cohort, plan.analysis
    collected, modelled = set(flow["wave"]), set(estimates["outcome"])
    levels = sorted(cohort.levels, key=lambda level: level != cohort.comparison)
    return {
        "slug": plan.slug,
        "title": plan.info.title,
        "organisation": plan.info.organisation,
        "design": plan.info.design,
        "question": plan.info.question.strip(),
        "contact": plan.report.contact,
        "baseline": plan.baseline,
        "comparison": cohort.comparison,
        "contrasts": [f"{first} - {second}" for first, second in plan.contrasts],
        "assigned_by": cohort.assigned_by,
        "clusters": list(plan.participants.clusters),
        "covariates": list(plan.participants.covariates),
        "adjust_for": list(analysis.adjust_for),
        "covariance": list(analysis.covariance),
        "df": analysis.df,
        "confidence": analysis.confidence,
        "headline": analysis.headline,
        "seed": analysis.seed,
        "min_cell": analysis.disclosure.min_cell,
        "round_to": analysis.disclosure.round_to,
        # the published averages are about mentoring: they stand beside studies that have mentors
        "benchmarks": [dict(item) for item in YOUTH_MENTORING] if plan.participants.mentor else [],
        "cohorts": [
            {"key": level, "label": name_key(level), "comparison": level == cohort.comparison} for level in levels
        ],
        "waves": [
            {
                "key": key,
                "label": wave.label,
                "month": wave.month,
                "since": wave.month - plan.waves[plan.baseline].month,
                "collected": key in collected,
                "retrospective": wave.retrospective,
            }
            for key, wave in plan.waves.items()
        ],
        "outcomes": [_describe_outcome(key, outcome, instruments, modelled) for key, outcome in plan.outcomes.items()],
    }


def _describe_outcome(key, outcome, instruments, modelled):
    scale = instruments[outcome.instrument] if outcome.instrument else None
    measure = find_measure(outcome, instruments)
    worthwhile = outcome.smallest_worthwhile
    return {
        "key": key,
        "label": name_key(key),
        "domain": outcome.domain,
        "role": outcome.role,
        "kind": outcome.kind,
        "higher_is": outcome.higher_is or measure.higher_is,
        "min": measure.range.min if measure else outcome.min,
        "max": measure.range.max if measure else outcome.max,
        "waves": list(outcome.waves),
        "modelled": key in modelled,
        "worthwhile": {"value": worthwhile.value, "unit": worthwhile.unit} if worthwhile else None,
        "instrument": scale and {
            "id": scale.id,
            "name": measure.name,
            "version": scale.version,
            "citation": scale.citation,
            "rights": scale.rights.note,
            "n_items": len(measure.items),
            "not_verified": [f"{field.replace('_', ' ')} ({how})" for field, how in scale.not_verified.items()],
        },
    }  # fmt: skip


def describe_provenance(plan, *, instruments, exports, study_folder, responses):
    """results["provenance"].

    plan: everything of the study file; exports: paths of the files that were read; responses: the restricted table
    """
    folder = Path(study_folder)
    return {
        "study_file": fingerprint(to_plain(vars(plan))),
        "inputs": fingerprint_files(
            {Path(path).relative_to(folder).as_posix(): Path(path).read_bytes() for path in sorted(exports)}
        ),
        "instruments": {name: fingerprint(to_plain(scale)) for name, scale in sorted(instruments.items())},
        "versions": {"python": platform.python_version()} | {name: metadata.version(name) for name in PROGRAMS},
        "data_collected": describe_months(responses, min_cell=plan.analysis.disclosure.min_cell),
    }


def describe_months(responses, *, min_cell):
    """{first, last} month ("2025-10") with at least `min_cell` kept responses; None where it is not known of all waves.

    One wave without dates is enough: the span of the others would be read as the span of the study.
    """
    kept = responses[responses["kept"]]
    if not kept["submitted"].notna().groupby(kept["wave"], observed=True).any().all():
        return None
    months = kept["submitted"].dropna().dt.strftime("%Y-%m").value_counts()
    enough = sorted(months.index[months >= min_cell])
    return {"first": enough[0], "last": enough[-1]} if enough else None


def to_plain(value):
    """Typed parts as dictionaries, lists, texts and numbers."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    return value


def fingerprint_files(contents):
    """{file: HMAC-SHA256 of its bytes, keyed by all files}. contents: {file: bytes}

    The plain SHA-256 of a list of two people who withdrew can be found by trying: whoever tries must have all the rest.
    """
    digests = sorted(hashlib.sha256(content).digest() for content in contents.values())
    key = hashlib.sha256(b"".join(digests)).digest()
    return {name: hmac.digest(key, content, "sha256").hex() for name, content in contents.items()}


def fingerprint(plain):
    """SHA-256 of plain values, whatever order their keys came in."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

"""An interpretability workbench for transformer language models. The story, in order:

names                    one row per model family: standard site names → modules
tokens                   text ↔ tokens, and which token of its text stands where
model                    a language model whose inside can be read and edited, behind one lock
loading                  where a model comes from: shipped, a folder, the hub
record                   text → tokens → activations at named sites: a Recording
decompose                activations → features
    sparse                 what is on, and matrices that are touched only there, forward and backward
    dictionaries           Features (sparse), and what all dictionaries share: what is read and written, folding
    architectures          each architecture with its encode and its loss
    coordinates            a site's own coordinates, its neurons, as a dictionary: nothing learnt
    formats                dictionaries on disk, ours and those of other libraries, checked by forward passes
    planning               what a harvest or a training will take, before it starts
    store                  activations on disk, shuffled in bounded memory, readable from any position
    training               one trainer for every dictionary; stops anywhere, resumes bit for bit
    scoring                L0, explained variance, CE and KL recovered, beside floors, with intervals
    recovery               the feature that tells each known concept best, and how well
    checking               whether a dictionary fits the model: hook, BOS, scale
explore                  features → meaning
    firings                where features fire, on disk: written text by text, read feature by feature
    examples               which tokens stand for a feature: top, quantiles, intervals, near misses, silent ones
    gathering              one pass over text, resumable: firings, random tokens, sums with neurons
    summing                what is kept of each feature: histogram, examples, correlations, concepts
    logits                 what a feature does to the next token: raw, folded, measured by ablation
    cards                  what is known of one feature, as one value
    indexing               every feature's dashboard; search by words, tokens, concepts, text typed now
    observing              the index of a dictionary that is being trained, made of what the training reads
    publishing             an index in the format of Neuronpedia
    notes                  labels, notes, lists, ratings in one file that loses nothing; a search over them
    asking                 who can be asked in words: a model behind an address you give, or one in memory
    labelling              labels from concepts, tokens or a language model, and how well a judge finds they hold
    drawing                texts that have a concept and texts that lack it, drawn from labels
    controls               what else could tell them apart: random features, neurons, difference of means, probe
    ratings                hypotheses rated blind, from 0 to 3; how far raters agree
    comparing              the unit of another dictionary or model that fires as one does
    families               what a feature becomes in wider dictionaries: its children, and what they are about
    coverage               how often a concept must occur to have a feature, by the width of the dictionary
    claims                 what a feature fires on: sensitivity and specificity, with n and intervals
intervene                features → behaviour
    interventions          Ablate, Patch, Scale, Steer, Clamp: frozen values that add up; the error term is kept
    controls               the same done with something that was not chosen
    targets                what is meant to change: a probability, an answer, what generations say
    effects                what changed, wanted and unwanted, with intervals, beside controls
    vectors                steering vectors from contrasts and features; arithmetic on them; files
    steering               how much to steer, where, at what price: dose and response, a choice reported elsewhere
world                    a generated language whose every token carries its concepts; its small model
    grammar                templates that label themselves; documents
    lexicon                who and what the language talks about, in four tongues
    scene                  who and what is in a document, drawn when first named
    splits                 what training never holds
    prose, contrasts       the sentences of each tongue; abstract concepts beside innocent twins
    words                  words that name a concept, wherever they stand
    numbers                sums, comparisons, genes
    program_families       small Python programs: their values and layouts
    programs               a program with its output, sound or with one planted bug
    library                functions of Python's own library
    language               the stream of documents, each by the rules of its kind
    meanings               every concept that a token can carry, declared
    display                a document as HTML
    tokenizer              byte-level BPE, digits single
    recipe                 how the shipped models are trained: one recipe, resumable to the same bits
    questions              tasks with exact scores
    judging                what a model answers: continued, sampled, judged
    probes                 which concepts a model represents
    causes                 prompts with a cause of failure built in, and the same without it
    failures               those of them that fail for that cause, verified
estimates                a number with its interval and n
files                    written whole or not at all; arrays read where they lie
charts                   one look for every chart
progress                 a bar where somebody is looking
assets                   the shipped model and dictionary: data only
"""

from . import decompose, estimates, explore, intervene, record, world
from .intervene.interventions import Ablate, Clamp, Patch, Scale, Steer
from .loading import load
from .model import Model

__all__ = [
    "Ablate",
    "Clamp",
    "Model",
    "Patch",
    "Scale",
    "Steer",
    "decompose",
    "estimates",
    "explore",
    "intervene",
    "load",
    "record",
    "world",
]
__version__ = "0.1.0"

"""List the words by which people tell who asks, about whom and since when: they are not what a question is about."""

from __future__ import annotations

_PEOPLE = """
mum mums mom moms mummy mommy mother mothers mam dad dads daddy father fathers nan nans nana nanna gran grans
granny grandma grandmas grandmother grandad grandads granddad grandpa grandfather grandson granddaughter
grandchild grandchildren husband husbands hubby wife wifes partner partners boyfriend girlfriend bf gf fiance
fiancee son sons daughter daughters brother brothers sister sisters sis bro aunt auntie aunty uncle uncles niece
nephew cousin cousins mil fil inlaw inlaws law in-law stepson stepdaughter stepmum stepdad friend friends mate
mates neighbour neighbor colleague boss bloke guy guys lad lads lass girl boy lady gentleman somebody everyone
everybody nobody family relative relatives twin folks missus carer carers doctor doctors doc docs gp gps nurse
nurses pharmacist pharmacists consultant chemist physio therapist specialist
"""
_TIMES = """
today yesterday tomorrow tonight now ago since morning evening afternoon night nights lately recently currently
day days week weeks month months year years fortnight hour hours minute minutes weekend monday tuesday wednesday
thursday friday saturday sunday january february march april june july august september october november
december christmas easter summer winter spring autumn already yet still soon later always never sometimes often
once twice again before after during first last next past old older aged age turned nearly almost ages donkey
"""
_TELLING = """
hi hello hey dear thanks thank please sorry help ok okay yes no yeah pls plz thx cheers ta um er lol btw tell
told telling said saying says ask asked asking heard hear read reading wonder wondering wondered know knows knew
think thinks thought believe guess suppose feel feels feeling felt want wants wanted need needed needs like
likes liked worry worried worries worrying scared afraid confused curious concerned hope hoping hopes swear
swears seem seems seemed look looks looking looked find finds finding found got getting put putting went going
gone come comes coming came take takes taking took taken start starts starting started begin began keep keeps
keeping kept try tries trying tried miss missed forgot forget forgotten run ran give gives giving gave buy
bought sell sold use using stop stopped work works working worked happen happens happened suddenly actually
really honestly basically apparently anyway also too just even maybe perhaps probably definitely bit lot lots
loads bunch stuff thing things something anything everything nothing someone anyone else way ways sort kind
kinds whole few couple many much more most less least little big small good bad better best worse worst fine
nice great awful terrible weird strange right wrong sure true real straight quite rather well answer answers
question questions info information advice idea ideas sense explain explains clear plain word words mean means
meaning meant called name names online internet google googled website site forum video article leaflet paper
post posted talk talked talking chat point matter problem problems trouble issue issues case story reason
reasons fact facts cos coz cuz cause because whats hows whos wheres whens thats theres heres ive im id ill youre
hes shes theyre weve wont dont doesnt didnt cant couldnt shouldnt wouldnt isnt arent wasnt werent havent hasnt
hadnt gonna wanna gotta dunno u ur r
"""
_STORY = frozenset((_PEOPLE + _TIMES + _TELLING).split())


def tells_the_story(word: str) -> bool:
    """Say whether a word tells of the asker, the time or the telling, and never by itself what is asked about."""
    return word.lower() in _STORY

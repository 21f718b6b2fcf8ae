"""Which objects of a collection belong to a class."""

from autoarray.util import misc_util


class _Base:
    pass


class _Derived(_Base):
    pass


def test_objects_of_a_class_are_found_among_values_not_inside_them():
    base, derived = _Base(), _Derived()
    values = {"a": base, "b": derived, "c": [base], "d": None}.values()
    assert misc_util.has(values, _Base)
    assert not misc_util.has([[base]], _Base)
    assert misc_util.total(values, _Base) == 2
    assert misc_util.cls_list_from(values, _Base) == [base, derived]
    assert misc_util.cls_list_from(values, _Base, cls_filtered=_Derived) == [base]
    assert misc_util.cls_list_from([], _Base) == []

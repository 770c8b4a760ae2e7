"""Arabic numerals inside sentences that people type."""

import pytest

from hotline.language.numerals import spell_numerals


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("工资12000元拖了2个月", "工资一万两千元拖了两个月"),
        ("我住3号楼2单元1203室", "我住三号楼二单元幺二零三室"),
        ("电话13964285701", "电话幺三九六四二八五七零幺"),
        ("0532-88886666", "零五三二八八八八六六六六"),
        ("+86 13964285701", "幺三九六四二八五七零幺"),
        ("2026-11-21 14:05", "二零二六年十一月二十一日 十四点零五分"),
        ("2024年3月", "二零二四年三月"),
        ("已经30年了", "已经三十年了"),
        ("304路公交等了40分钟", "三零四路公交等了四十分钟"),
        ("打120没人接", "打幺二零没人接"),
        ("涨了12.5%", "涨了百分之十二点五"),
        ("¥3,200", "三千两百元"),
        ("3-5天", "三到五天"),
        ("第2次", "第二次"),
        ("早上6点", "早上六点"),
        ("工单00012", "工单零零零幺二"),
        ("2026-13-45", "二零二六-幺三-四五"),
        ("没有数字", "没有数字"),
    ],
)
def test_numerals_are_read_by_what_they_are(written: str, spoken: str) -> None:
    assert spell_numerals(written) == spoken


@pytest.mark.parametrize(
    "digits", ["9" * 40, "9" * 40 + "元", "0" * 9 + "个", "1.2.3.4", "99:99", "%", "1,2,3,4,5"]
)
def test_no_numeral_is_too_strange(digits: str) -> None:
    assert not any(character in "0123456789" for character in spell_numerals(digits))

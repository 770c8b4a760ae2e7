"""What the phone bar says when something is wrong with the telephone: always also what to do."""

from collections.abc import Mapping

from agent_console.words import LazyString, _l

TROUBLES: Mapping[str, LazyString] = {
    "lost": _l("电话没有连上，正在自动重连，现在来电响不到您。一直这样，请告诉系统管理员"),
    "refused": _l("电话未能登录，正在自动重试。一分钟后仍然这样，请刷新页面；再不行请联系系统管理员"),
    "logged-out": _l("督办员已让您下线，不再有来电。要继续接听，请退出后重新登录"),
    "taken": _l("电话已转到您在别处打开的页面（另一个浏览器或另一台电脑）：要在这里接听，请刷新本页"),
    "elsewhere": _l("电话开在这个浏览器的另一个页面里：请用那一页，或关掉它，这里自动接上"),
    "asked": _l("请在浏览器弹出的窗口里允许使用麦克风"),
    "denied": _l("浏览器禁止了麦克风：请点地址栏左边的图标，把麦克风改成“允许”"),
    "missing": _l("没有找到麦克风：请插好耳机，插好后自动恢复"),
    "busy": _l("麦克风被别的程序占用：请关掉会议、录音等程序，再刷新页面"),
    "insecure": _l("这个地址不能使用麦克风：请用 https:// 开头的地址打开本页"),
}
"""Without a call, by the state of the phone (`lightOf` in light.ts)."""

WARNINGS: Mapping[str, LazyString] = {
    "logged-out": _l("督办员已让您下线：说完这一通，不再有来电"),
    "taken": _l("电话已转到您在别处打开的页面：说完这一通，来电在那边响"),
    "line-lost": _l("信令断了，正在自动重连：听得到对方就接着说，请不要刷新页面"),
    "asked": _l("请在浏览器弹出的窗口里允许使用麦克风"),
    "denied": _l("对方听不到您：请点地址栏左边的图标，把麦克风改成“允许”"),
    "missing": _l("对方听不到您：麦克风断开了，请插好耳机，插好后自动恢复"),
    "busy": _l("对方听不到您：麦克风被别的程序占用，请关掉那个程序"),
    "insecure": _l("对方听不到您：请用 https:// 开头的地址打开本页"),
}
"""During a call, beside the light (`warningOf` in light.ts)."""

"""The modules that our two configurations load."""

from ivr.pbx.errors import PbxError
from ivr.pbx.install import Installation

_SIP = """
    res_pjproject res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjsip res_pjsip_session
    res_pjsip_sdp_rtp res_pjsip_caller_id res_pjsip_dtmf_info res_pjsip_nat res_pjsip_registrar
    res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest res_pjsip_endpoint_identifier_ip
    res_pjsip_endpoint_identifier_user res_pjsip_dlg_options res_pjsip_acl res_pjsip_rfc3326
    res_pjsip_header_funcs res_pjsip_pubsub res_pjsip_outbound_registration chan_pjsip
"""
_MEDIA = """
    res_rtp_asterisk res_timing_timerfd codec_ulaw codec_alaw codec_resample format_pcm format_wav format_sln
    res_format_attr_opus bridge_softmix bridge_holding bridge_builtin_features
"""
# Talks of two are mixed like talks of three: where Asterisk changes over, one may go deaf (decision 0081).
_DIALPLAN = """
    pbx_config res_speech res_agi res_musiconhold func_callerid func_channel func_cut func_logic func_strings
    func_timeout func_dialplan func_global app_playback app_read app_stack app_record app_dial app_echo
    app_mixmonitor app_celgenuserevent app_originate app_exec app_playtones
"""
_HOTLINE_ALONE = """
    res_security_log res_pjsip_endpoint_identifier_anonymous
    res_crypto res_srtp res_http_websocket res_pjsip_transport_websocket res_convert
    func_volume func_hangupcause func_devstate func_uuid app_queue app_userevent app_bridgeaddchan app_chanspy
    app_audiosocket res_audiosocket chan_audiosocket chan_bridge_media
    res_websocket_client chan_websocket app_senddtmf app_bridgewait
    app_softhangup app_channelredirect res_cdrel_custom cel_custom res_manager_devicestate
"""
_NETWORK_ALONE = """
    res_crypto res_srtp pbx_spool app_waitforsilence app_senddtmf app_talkdetect func_talkdetect app_system
    bridge_simple bridge_native_rtp
"""
_OPTIONAL = frozenset({"codec_opus_open_source", "codec_opus", "res_cdrel_custom"})
_OPUS = "codec_opus_open_source codec_opus"

HOTLINE = (*f"{_SIP} {_MEDIA} {_DIALPLAN} {_HOTLINE_ALONE} {_OPUS}".split(),)
NETWORK = (*f"{_SIP} {_MEDIA} {_DIALPLAN} {_NETWORK_ALONE}".split(),)


def present(wanted: tuple[str, ...], installation: Installation) -> list[str]:
    """`wanted` without the optional modules that this Asterisk lacks. Raises `PbxError` for any other."""
    folder = installation.outside(installation.modules_dir)
    missing = {name for name in wanted if not (folder / f"{name}.so").exists()}
    if needed := sorted(missing - _OPTIONAL):
        raise PbxError(f"Asterisk {installation.version} lacks the modules {', '.join(needed)}")
    return [name for name in wanted if name not in missing]

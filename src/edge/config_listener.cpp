// Listeners as JSON: where to listen, and under which certificates.

#include "edge/config_decode.h"

namespace edge {

namespace {

using base::Json;

constexpr std::size_t kCertificatesMax = 100;

bool is_host_and_port(std::string_view address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const std::string_view port = address.substr(colon + 1);
    if (port.empty() || port.size() > 5) return false;
    std::uint32_t value = 0;
    for (const char c : port) {
        if (c < '0' || c > '9') return false;
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    const std::string_view host = address.substr(0, colon);
    const bool bracketed = host.front() == '[' && host.back() == ']';
    return value <= 65'535 && (bracketed || host.find(':') == std::string_view::npos);
}

CertificateFiles files_from(Decoder& decoder, const Json& json, const std::string& at) {
    CertificateFiles made;
    if (!decoder.known(json, at, {"certificate", "key"})) return made;
    decoder.text(json, at, "certificate", made.certificate);
    decoder.text(json, at, "key", made.key);
    if (made.certificate.empty() || made.certificate[0] != '/') {
        decoder.reject(at + "/certificate", "it is no absolute path");
    }
    if (made.key.empty() || made.key[0] != '/') {
        decoder.reject(at + "/key", "it is no absolute path");
    }
    return made;
}

Tls tls_from(Decoder& decoder, const Json& json, const std::string& at) {
    Tls made;
    if (!decoder.known(json, at, {"certificates", "minimum", "tickets"})) return made;
    const Json certificates = json.value("certificates", Json::array());
    if (!certificates.is_array() || certificates.empty() ||
        certificates.size() > kCertificatesMax) {
        decoder.reject(at + "/certificates", "it is no list of 1 to 100 certificates");
        return made;
    }
    for (std::size_t i = 0; i < certificates.size(); ++i) {
        made.certificates.push_back(
            files_from(decoder, certificates[i], fmt::format("{}/certificates/{}", at, i)));
    }
    std::string minimum = "1.2";
    decoder.text(json, at, "minimum", minimum);
    made.only_1_3 = minimum == "1.3";
    if (minimum != "1.2" && minimum != "1.3") {
        decoder.reject(at + "/minimum", "it is neither 1.2 nor 1.3");
    }
    decoder.truth(json, at, "tickets", made.tickets);
    return made;
}

}  // namespace

Listener listener_from(Decoder& decoder, const Json& json, const std::string& at) {
    Listener made;
    if (!decoder.known(json, at, {"name", "address", "tls", "http2"})) return made;
    decoder.text(json, at, "name", made.name);
    decoder.text(json, at, "address", made.address);
    if (made.name.empty()) decoder.reject(at + "/name", "a listener needs a name");
    if (!is_host_and_port(made.address)) {
        decoder.reject(at + "/address", "it is no address like 127.0.0.1:8080");
    }
    if (json.contains("tls")) made.tls = tls_from(decoder, json["tls"], at + "/tls");
    made.http2 = made.tls.has_value();
    decoder.truth(json, at, "http2", made.http2);
    return made;
}

Json listener_json(const Listener& listener) {
    Json made = {{"name", listener.name}, {"address", listener.address}};
    if (!listener.tls) {
        if (listener.http2) made["http2"] = true;
        return made;
    }
    Json certificates = Json::array();
    for (const CertificateFiles& files : listener.tls->certificates) {
        certificates.push_back({{"certificate", files.certificate}, {"key", files.key}});
    }
    made["http2"] = listener.http2;
    made["tls"] = {{"certificates", std::move(certificates)},
                   {"minimum", listener.tls->only_1_3 ? "1.3" : "1.2"},
                   {"tickets", listener.tls->tickets}};
    return made;
}

}  // namespace edge

#pragma once
// Values of this room as JSON and back: one list of members a type serves both directions, so
// that they cannot drift apart. For .cpp files of this room only.

#include "base/digest.h"
#include "base/json.h"
#include "base/units.h"
#include "release/names.h"
#include "release/plan.h"

#include <fmt/format.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace release {

/// T or const T: a list of members is written once and used to read and to write.
template <typename T, typename U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

/// Makes an object of what it is shown.
class Writer {
public:
    template <typename T>
    void operator()(const char* key, const T& value);
    /// What is left out where there is none: plans without it keep their digest.
    template <typename T>
    void seldom(const char* key, const std::vector<T>& values) {
        if (!values.empty()) (*this)(key, values);
    }
    template <typename T>
    void seldom(const char* key, const std::optional<T>& value) {
        if (value) (*this)(key, *value);
    }
    void seldom(const char* key, bool truth) {
        if (truth) (*this)(key, truth);
    }

    base::Json json = base::Json::object();
};

/// Fills what it is shown from an object; keeps the first thing that is wrong, with its path.
class Reader {
public:
    Reader(const base::Json& object, std::string path) : json_(object), path_(std::move(path)) {
        if (!json_.is_object()) refuse(path_, "is no object");
    }

    template <typename T>
    void operator()(const char* key, T& value);
    template <typename T>
    void seldom(const char* key, T& value) {
        if (json_.is_object() && json_.contains(key)) (*this)(key, value);
    }

    /// Rejects members that nobody asked for.
    void finish() {
        if (json_.is_object() && !wrong && seen_ != json_.size())
            refuse(path_, "has members that are not known");
    }
    void refuse(const std::string& path, std::string_view why) {
        if (!wrong) wrong = fmt::format("`{}` {}", path.empty() ? "it" : path, why);
    }

    std::optional<std::string> wrong;

private:
    const base::Json& json_;
    std::string path_;
    std::size_t seen_ = 0;
};

// The members of every type. A key carries the unit where the type does not.

template <typename Ar, Is<SecretSource> T>
void members(Ar& ar, T& x) {
    ar("kind", x.kind), ar("name", x.name);
}
template <typename Ar, Is<Process> T>
void members(Ar& ar, T& x) {
    ar("command", x.command), ar("environment", x.environment), ar("secrets", x.secrets);
}
template <typename Ar, Is<Release> T>
void members(Ar& ar, T& x) {
    ar("id", x.id), ar("version", x.version);
    ar("artifact", x.artifact), ar("config", x.config), ar("assets", x.assets);
    ar("artifact_source", x.artifact_source), ar("assets_source", x.assets_source);
    ar("process", x.process);
}
template <typename Ar, Is<Change> T>
void members(Ar& ar, T& x) {
    ar("kind", x.kind), ar("artifact", x.artifact), ar("config", x.config);
    ar("assets", x.assets), ar("downgrade", x.downgrade);
}
template <typename Ar, Is<Hook> T>
void members(Ar& ar, T& x) {
    ar("name", x.name), ar("stage", x.stage), ar("command", x.command), ar("url", x.url);
    ar("timeout", x.timeout), ar("deadline", x.deadline);
}
template <typename Ar, Is<Gate> T>
void members(Ar& ar, T& x) {
    ar("name", x.name), ar("stage", x.stage), ar("owner", x.owner);
    ar("deadline", x.deadline), ar("at_deadline", x.at_deadline);
    ar.seldom("second_person", x.second_person), ar.seldom("changes", x.changes);
    ar.seldom("strategies", x.strategies);
}
template <typename Ar, Is<CanaryStep> T>
void members(Ar& ar, T& x) {
    ar("weight", x.weight), ar("hold", x.hold), ar("wait_for_person", x.wait_for_person);
}
template <typename Ar, Is<SourceAddress> T>
void members(Ar& ar, T& x) {
    ar("url", x.url), ar("secret", x.secret);
}
template <typename Ar, Is<PrometheusQueries> T>
void members(Ar& ar, T& x) {
    ar("server", x.server), ar("failed", x.failed), ar("total", x.total), ar("gauge", x.gauge);
}
template <typename Ar, Is<Bound> T>
void members(Ar& ar, T& x) {
    ar("side", x.side), ar("millionths", x.millionths);
}
template <typename Ar, Is<SourcedMetric> T>
void members(Ar& ar, T& x) {
    ar("name", x.name), ar("prometheus", x.prometheus), ar("http", x.http);
    ar("headers", x.headers), ar("limit", x.limit), ar("timeout", x.timeout);
}
template <typename Ar, Is<Guard> T>
void members(Ar& ar, T& x) {
    ar("error_rate_max", x.error_rate_max), ar("p99_max", x.p99_max);
    ar("requests_min", x.requests_min), ar("interval", x.interval);
    ar("unknown_max", x.unknown_max), ar("harm_max", x.harm_max);
    ar("exposure_max", x.exposure_max), ar("memory_max", x.memory_max);
    ar("compare", x.compare), ar("warm_up", x.warm_up);
    ar.seldom("metrics", x.metrics);
}
template <typename Ar, Is<Preview> T>
void members(Ar& ar, T& x) {
    ar("header", x.header), ar("value", x.value);
}
template <typename Ar, Is<Cohort> T>
void members(Ar& ar, T& x) {
    ar("header", x.header), ar("cookie", x.cookie);
}
template <typename Ar, Is<Strategy> T>
void members(Ar& ar, T& x) {
    ar("major", x.major), ar("minor", x.minor), ar("patch", x.patch), ar("config", x.config);
    ar("steps", x.steps), ar("rolling_batch", x.rolling_batch);
    ar("rolling_hold", x.rolling_hold), ar("recreate_hold", x.recreate_hold);
    ar("settle", x.settle);
    ar("settle_before_leaving", x.settle_before_leaving), ar("bake", x.bake);
    ar("keep_warm", x.keep_warm), ar("drain_sockets_a_second", x.drain_sockets_a_second);
    ar("drain_deadline", x.drain_deadline), ar("progress_deadline", x.progress_deadline);
    ar.seldom("preview", x.preview), ar.seldom("cohort", x.cohort);
}

template <typename Ar, typename T>
    requires(Is<T, CheckWorld> || Is<T, PublishAssets> || Is<T, Prepare> || Is<T, Test>)
void members(Ar&, T&) {}

template <typename Ar, Is<ScaleUp> T>
void members(Ar& ar, T& x) {
    ar("pool", x.pool), ar("instances", x.instances);
}
template <typename Ar, Is<Shift> T>
void members(Ar& ar, T& x) {
    ar("to", x.to), ar("share", x.share);
}
template <typename Ar, Is<Ramp> T>
void members(Ar& ar, T& x) {
    ar("to", x.to);
}
template <typename Ar, Is<Watch> T>
void members(Ar& ar, T& x) {
    ar("length", x.length);
}
template <typename Ar, Is<Drain> T>
void members(Ar& ar, T& x) {
    ar("pool", x.pool);
}
template <typename Ar, Is<Retire> T>
void members(Ar& ar, T& x) {
    ar("pool", x.pool), ar("keep_warm", x.keep_warm);
}
template <typename Ar, Is<Replace> T>
void members(Ar& ar, T& x) {
    ar("pool", x.pool), ar("updated", x.updated), ar("instances", x.instances);
}
template <typename Ar, Is<Recreate> T>
void members(Ar& ar, T& x) {
    ar("from", x.from), ar("to", x.to), ar("instances", x.instances);
}
template <typename Ar, Is<CallHook> T>
void members(Ar& ar, T& x) {
    ar("hook", x.hook);
}
template <typename Ar, Is<AwaitConsent> T>
void members(Ar& ar, T& x) {
    ar("gate", x.gate);
}
template <typename Ar, Is<Step> T>
void members(Ar& ar, T& x) {
    ar("id", x.id), ar("stage", x.stage), ar("action", x.action);
    ar("reason", x.reason), ar("expected", x.expected);
}
template <typename Ar, Is<Plan> T>
void members(Ar& ar, T& x) {
    ar("id", x.id), ar("application", x.application), ar("strategy", x.strategy);
    ar("is_rollback", x.is_rollback), ar("strategy_reason", x.strategy_reason);
    ar("notes", x.notes), ar("change", x.change), ar("from", x.from), ar("to", x.to);
    ar("active", x.active), ar("target", x.target), ar("instances", x.instances);
    ar("steps", x.steps), ar("way_back", x.way_back), ar("guard", x.guard);
    ar("settings", x.settings), ar("boot_deadline", x.boot_deadline);
    ar.seldom("rules", x.rules);
}

// Values: `encode` cannot fail; `decode` says false when the JSON is no such value.

template <typename T>
concept Enumerated = std::is_enum_v<T>;

inline base::Json encode(const std::string& text) {
    return text;
}
inline base::Json encode(bool truth) {
    return truth;
}
template <std::unsigned_integral N>
    requires(!std::same_as<N, bool>)
base::Json encode(N number) {
    return number;
}
inline base::Json encode(std::chrono::milliseconds length) {
    return length.count();
}
inline base::Json encode(base::Permille share) {
    return share.value;
}
inline base::Json encode(base::Bytes bytes) {
    return bytes.count;
}
inline base::Json encode(const base::Digest& digest) {
    return digest.hex();
}
inline base::Json encode(const Version& version) {
    return to_text(version);
}
template <Enumerated E>
base::Json encode(E value) {
    return std::string(name_in_table(value));
}
template <typename T>
base::Json encode(const std::optional<T>& value) {
    return value ? encode(*value) : base::Json(nullptr);
}
template <typename T>
base::Json encode(const std::vector<T>& values) {
    base::Json list = base::Json::array();
    for (const T& value : values) list.push_back(encode(value));
    return list;
}
template <typename T>
base::Json encode(const std::map<std::string, T>& values) {
    base::Json object = base::Json::object();
    for (const auto& [key, value] : values) object[key] = encode(value);
    return object;
}
inline base::Json encode(const Action& action) {
    return std::visit(
        [&action](const auto& kind) {
            Writer writer;
            members(writer, kind);
            writer.json["kind"] = std::string(name_of(action));
            return writer.json;
        },
        action);
}
template <typename T>
    requires requires(Writer& ar, const T& x) { members(ar, x); }
base::Json encode(const T& value) {
    Writer writer;
    members(writer, value);
    return writer.json;
}

template <typename T>
void Writer::operator()(const char* key, const T& value) {
    json[key] = encode(value);
}

/// Reads one value; what is wrong with it is kept in `reader` under `path`.
struct Decoding {
    Reader& reader;
    const base::Json& json;
    std::string path;

    bool require(bool fits, std::string_view why) {
        if (!fits) reader.refuse(path, why);
        return fits;
    }

    void into(std::string& text) {
        if (require(json.is_string(), "is no text")) text = json.get<std::string>();
    }
    void into(bool& truth) {
        if (require(json.is_boolean(), "is neither true nor false")) truth = json.get<bool>();
    }
    template <std::unsigned_integral N>
        requires(!std::same_as<N, bool>)
    void into(N& number) {
        if (require(json.is_number_unsigned() &&
                        json.get<std::uint64_t>() <= std::numeric_limits<N>::max(),
                    "is no whole number in its range"))
            number = json.get<N>();
    }
    void into(std::chrono::milliseconds& length) {
        std::uint64_t count = 0;
        into(count);
        // As long as the longest duration that can be written: 3650 days.
        if (require(count <= 3650ULL * 86'400'000, "is too long"))
            length = std::chrono::milliseconds{static_cast<std::int64_t>(count)};
    }
    void into(base::Permille& share) {
        into(share.value);
        if (!require(share <= base::kAll, "is more than all")) share = {};
    }
    void into(base::Bytes& bytes) { into(bytes.count); }
    void into(base::Digest& digest) {
        std::string hex;
        into(hex);
        if (const auto read = base::digest_from(hex); require(bool{read}, "is no digest"))
            digest = *read;
    }
    void into(Version& version) {
        std::string text;
        into(text);
        if (const auto read = version_from(text); require(bool{read}, "is no version"))
            version = *read;
    }
    template <Enumerated E>
    void into(E& value) {
        std::string name;
        into(name);
        for (const auto& [row, enumerator] : Names<E>::rows)
            if (row == name) return void(value = enumerator);
        require(false, "is none of its words");
    }
    template <typename T>
    void into(std::optional<T>& value) {
        if (json.is_null()) return value.reset();
        into(value.emplace());
    }
    template <typename T>
    void into(std::vector<T>& values) {
        if (!require(json.is_array(), "is no list")) return;
        for (const base::Json& item : json)
            Decoding{reader, item, fmt::format("{}[{}]", path, values.size())}.into(
                values.emplace_back());
    }
    template <typename T>
    void into(std::map<std::string, T>& values) {
        if (!require(json.is_object(), "is no object")) return;
        for (const auto& [key, item] : json.items())
            Decoding{reader, item, path + '.' + key}.into(values[key]);
    }
    template <typename T>
        requires requires(Reader& ar, T& x) { members(ar, x); }
    void into(T& value) {
        Reader inner(json, path);
        members(inner, value);
        inner.finish();
        if (inner.wrong && !reader.wrong) reader.wrong = inner.wrong;
    }
    void into(Action& action);
};

template <typename T>
void Reader::operator()(const char* key, T& value) {
    if (wrong) return;
    const auto at = json_.find(key);
    const std::string path = path_.empty() ? key : path_ + '.' + key;
    if (at == json_.end()) return refuse(path, "is missing");
    ++seen_;
    Decoding{*this, *at, path}.into(value);
}

}  // namespace release

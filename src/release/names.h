#pragma once
// Every enumerator of this room with the name that it has in specs and JSON.

#include "release/change.h"
#include "release/pool.h"
#include "release/spec.h"
#include "release/stage.h"

#include <array>
#include <string_view>
#include <utility>

namespace release {

/// `kNames<E>`: all enumerators of E, each with its one name.
template <typename E>
struct Names;

template <typename E>
using NameRow = std::pair<std::string_view, E>;

template <>
struct Names<Pool> {
    static constexpr std::array rows{NameRow<Pool>{"blue", Pool::blue},
                                     NameRow<Pool>{"green", Pool::green}};
};
template <>
struct Names<Provider> {
    static constexpr std::array rows{NameRow<Provider>{"local", Provider::local},
                                     NameRow<Provider>{"aws", Provider::aws}};
};
template <>
struct Names<StrategyKind> {
    static constexpr std::array rows{NameRow<StrategyKind>{"blue-green", StrategyKind::blue_green},
                                     NameRow<StrategyKind>{"canary", StrategyKind::canary},
                                     NameRow<StrategyKind>{"rolling", StrategyKind::rolling},
                                     NameRow<StrategyKind>{"recreate", StrategyKind::recreate},
                                     NameRow<StrategyKind>{"publish", StrategyKind::publish}};
};
template <>
struct Names<Bound::Side> {
    static constexpr std::array rows{NameRow<Bound::Side>{"at_most", Bound::Side::at_most},
                                     NameRow<Bound::Side>{"at_least", Bound::Side::at_least}};
};
template <>
struct Names<GateDefault> {
    static constexpr std::array rows{NameRow<GateDefault>{"abort", GateDefault::abort},
                                     NameRow<GateDefault>{"promote", GateDefault::promote}};
};
template <>
struct Names<SecretSource::Kind> {
    static constexpr std::array rows{
        NameRow<SecretSource::Kind>{"from_env", SecretSource::Kind::environment},
        NameRow<SecretSource::Kind>{"from_file", SecretSource::Kind::file}};
};
template <>
struct Names<Stage> {
    static constexpr std::array rows{NameRow<Stage>{"PREFLIGHT", Stage::preflight},
                                     NameRow<Stage>{"PUBLISH_ASSETS", Stage::publish_assets},
                                     NameRow<Stage>{"PREPARE", Stage::prepare},
                                     NameRow<Stage>{"SCALE_UP", Stage::scale_up},
                                     NameRow<Stage>{"TEST", Stage::test},
                                     NameRow<Stage>{"SHIFT", Stage::shift},
                                     NameRow<Stage>{"BAKE", Stage::bake},
                                     NameRow<Stage>{"DRAIN", Stage::drain},
                                     NameRow<Stage>{"RETIRE", Stage::retire},
                                     NameRow<Stage>{"REPLACE", Stage::replace}};
};
template <>
struct Names<ChangeKind> {
    static constexpr std::array rows{NameRow<ChangeKind>{"first", ChangeKind::first},
                                     NameRow<ChangeKind>{"major", ChangeKind::major},
                                     NameRow<ChangeKind>{"minor", ChangeKind::minor},
                                     NameRow<ChangeKind>{"patch", ChangeKind::patch},
                                     NameRow<ChangeKind>{"rebuild", ChangeKind::rebuild},
                                     NameRow<ChangeKind>{"config", ChangeKind::config},
                                     NameRow<ChangeKind>{"assets", ChangeKind::assets},
                                     NameRow<ChangeKind>{"nothing", ChangeKind::nothing}};
};

/// The name of `value`; empty for a value that is no enumerator.
template <typename E>
constexpr std::string_view name_in_table(E value) {
    for (const auto& [name, row] : Names<E>::rows)
        if (row == value) return name;
    return {};
}

}  // namespace release

// The stored and printed names of the room's enumerations.

#include "engine/fleet.h"
#include "engine/status.h"

namespace engine {

std::string_view name_of(InstanceState state) {
    switch (state) {
        case InstanceState::starting:
            return "starting";
        case InstanceState::healthy:
            return "healthy";
        case InstanceState::unhealthy:
            return "unhealthy";
        case InstanceState::draining:
            return "draining";
        case InstanceState::stopping:
            return "stopping";
        case InstanceState::failed:
            return "failed";
    }
    return "";
}

std::string_view name_of(Ending ending) {
    switch (ending) {
        case Ending::succeeded:
            return "succeeded";
        case Ending::rolled_back:
            return "rolled_back";
        case Ending::timed_out:
            return "timed_out";
        case Ending::stuck:
            return "stuck";
        case Ending::refused:
            return "refused";
        case Ending::interrupted:
            return "interrupted";
        case Ending::displaced:
            return "displaced";
    }
    return "";
}

std::string_view name_of(Cause cause) {
    switch (cause) {
        case Cause::none:
            return "none";
        case Cause::verdict:
            return "verdict";
        case Cause::failure:
            return "failure";
        case Cause::person:
            return "person";
        case Cause::gate:
            return "gate";
        case Cause::deadline:
            return "deadline";
    }
    return "";
}

std::string_view name_of(RunState state) {
    switch (state) {
        case RunState::none:
            return "none";
        case RunState::running:
            return "running";
        case RunState::waiting:
            return "waiting";
        case RunState::consent:
            return "consent";
        case RunState::paused:
            return "paused";
        case RunState::going_back:
            return "going_back";
        case RunState::interrupted:
            return "interrupted";
        case RunState::warm:
            return "warm";
        case RunState::ended:
            return "ended";
    }
    return "";
}

base::Result<Ending> ending_from(std::string_view name) {
    for (const Ending ending :
         {Ending::succeeded, Ending::rolled_back, Ending::timed_out, Ending::stuck, Ending::refused,
          Ending::interrupted, Ending::displaced}) {
        if (name_of(ending) == name) return ending;
    }
    return base::fail(base::Failure::rejected,
                      {.code = "CF0311", .what = "the journal names an ending that is not known"});
}

Cause cause_from(std::string_view name) {
    for (const Cause cause :
         {Cause::verdict, Cause::failure, Cause::person, Cause::gate, Cause::deadline}) {
        if (name_of(cause) == name) return cause;
    }
    return Cause::none;
}

}  // namespace engine

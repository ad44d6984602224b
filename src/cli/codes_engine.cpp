#include "cli/codes.h"

#include <array>

namespace cli {
namespace {

constexpr std::array kCodes{
    CodeEntry{"CF0302", "the last release has not ended",
              "Its driver is gone, and what it left must come to an end before another begins.",
              "`crossfade resume` carries it on; `crossfade abort` takes it back.",
              "Traffic stays at the last verified weight."},
    CodeEntry{"CF0303", "there is nothing to resume",
              "The last release has ended and left nothing to do, or there was none.",
              "`crossfade status` shows what serves.", "Nothing was changed."},
    CodeEntry{"CF0304", "the plan is for another state of the world",
              "What serves, or where, is not what the plan starts from (P12).", "Plan again.",
              "Nothing was changed."},
    CodeEntry{"CF0305", "the run was begun already",
              "Its id is in the journal: a plan is carried out once.",
              "Plan again; `crossfade history` shows how that run ended.", "Nothing was changed."},
    CodeEntry{"CF0306", "another driver writes the journal",
              "This process has lost its lease: it was stopped for too long, or someone took over.",
              "Nothing: the other one carries on. `crossfade status` shows it.",
              "Every write carries a fence, so this process can change nothing more (P6)."},
    CodeEntry{"CF0307", "the warm pool cannot be emptied",
              "Instances of the release before are still there and do not go.",
              "See `crossfade instances` and `crossfade logs agent`.",
              "All users are on the old release, as before."},
    CodeEntry{"CF0310", "the journal has a record of no known kind",
              "It was written by a newer version, or changed.",
              "Use the newer program; `crossfade audit verify` tells whether it was changed.",
              "Traffic stays at the last verified weight."},
    CodeEntry{"CF0311", "the journal names an unknown ending",
              "It was written by a newer version, or changed.",
              "Use the newer program; `crossfade audit verify` tells whether it was changed.",
              "Traffic stays at the last verified weight."},
    CodeEntry{"CF0312", "a record cannot stand where it does",
              "The journal's records have a grammar, and this one breaks it: it was changed, or "
              "this is a fault of ours.",
              "Run `crossfade audit verify`, and report it if the chain is whole.",
              "Traffic stays at the last verified weight."},
    CodeEntry{"CF0320", "the active pool has not all of the traffic",
              "Someone moved the weights since the plan was made.",
              "Plan again, or `crossfade rollback`.",
              "The release does not begin; nothing was changed."},
    CodeEntry{"CF0321", "no instance of the active pool is healthy",
              "Users are being failed already, and a release would only hide why.",
              "See `crossfade instances` and `crossfade logs`.",
              "The release does not begin; nothing was changed."},
    CodeEntry{"CF0322", "the target pool takes traffic",
              "Someone moved the weights since the plan was made, and instances that serve are "
              "never replaced under it.",
              "Send all traffic to the serving pool, then plan again.",
              "The release goes back by itself: all users end on the old one."},
    CodeEntry{"CF0323", "the new instances did not get healthy",
              "They did not start, ended at once, or their health check does not pass within "
              "`service.boot_deadline`.",
              "See `crossfade logs` of the new instances; try the command of the spec by hand.",
              "No user has seen the new release. All users are on the old release, as before."},
    CodeEntry{"CF0324", "the pool has too few healthy instances to replace one",
              "Rolling takes an instance away only when the others can carry the load.",
              "See `crossfade instances`.",
              "The release goes back by itself: all users end on the old one."},
    CodeEntry{"CF0325", "the replacement stopped making progress",
              "A new instance of a batch does not get healthy.",
              "See `crossfade logs` of the new instance.",
              "The release goes back by itself: all users end on the old one."},
    CodeEntry{"CF0330", "the new release has no healthy instance left",
              "All of them died or fail their checks.", "See `crossfade logs` of its instances.",
              "The release goes back by itself: all users end on the old one."},
    CodeEntry{
        "CF0331", "the world cannot be seen",
        "Fleet or traffic did not answer for too long; unknown is not OK (P8).",
        "`crossfade status` tells what cannot be asked; `crossfade up` starts what does not run.",
        "Nothing moves until it can be seen; at the deadline the release goes back."},
    CodeEntry{"CF0332", "the old release is not healthy again yet",
              "Before all traffic goes back, its instances must be able to take it (P4).",
              "See `crossfade instances`.",
              "Traffic does not move to instances that cannot serve."},
    CodeEntry{"CF0333", "too few instances are healthy for more traffic",
              "A larger share needs all of the pool.", "See `crossfade instances`.",
              "The release goes back by itself: all users end on the old one."},
    CodeEntry{"CF0334", "the data plane does not follow the split",
              "The weights are stored, but the observed share of requests is another.",
              "See `crossfade status`: set beside seen; look for sticky clients or another writer.",
              "No capacity leaves before the share is real (P3). The release goes back by itself: "
              "all users end on the old one."},
    CodeEntry{
        "CF0335", "the stored split is not the one read back",
        "Someone else sets the weights, or the provider is late.",
        "Look for another writer of the router's rule.",
        "No capacity leaves (P3). The release goes back by itself: all users end on the old one."},
    CodeEntry{"CF0336", "the pool to be emptied still takes traffic",
              "Someone else sets the weights.",
              "Send all traffic to the other pool, or `crossfade abort`.",
              "An instance that takes requests is not taken away (P3)."},
    CodeEntry{"CF0337", "the drain did not end in time",
              "Requests or sockets are left on the old instances after `drain.deadline` and "
              "`progress_deadline`.",
              "See `crossfade instances`: which hold what.",
              "All new requests are on the new release."},
    CodeEntry{"CF0338", "the pool did not get empty in time",
              "Instances did not end after drain and grace.",
              "See `crossfade instances` and `crossfade logs agent`.", "Traffic is not touched."},
    CodeEntry{"CF0340", "the new release harmed users",
              "The judge compared the new release's own requests with the guard's limits; the "
              "message has the counts.",
              "Find out why: `crossfade logs`, `crossfade history --journal`. The guard stands in "
              "the spec.",
              "The release goes back by itself: all users end on the old one."},
    CodeEntry{"CF0341", "a hook said no",
              "Its command or URL answered that it failed; the message has its last words.",
              "Mend what it found, or the hook.",
              "The release goes back by itself: all users end on the old one."},
    CodeEntry{"CF0342", "a hook did not succeed in time",
              "It was in progress, or could not be called, until its deadline.",
              "Look at what it waits for; `deadline` says how long it may take.",
              "The release goes back by itself: all users end on the old one."},
    CodeEntry{"CF0343", "nobody consented in time",
              "The gate's owner did not answer before its deadline, and its default is to abort.",
              "Release again when they can answer.",
              "The release goes back by itself: all users end on the old one."},
    CodeEntry{
        "CF0344", "requests cannot be held here",
        "The strategy `recreate` lets requests wait while neither release runs; this provider "
        "has no place where they could.",
        "Use another strategy, or `provider: local`.", "Nothing was changed."},
    CodeEntry{"CF0345", "the old release could not be drained while requests wait",
              "What was in flight did not end within a third of `strategy.recreate.hold`.",
              "Release when fewer long requests run, or write a longer `strategy.recreate.hold`.",
              "Nothing was cut: the old release serves on."},
    CodeEntry{"CF0346", "instances do not end while requests wait",
              "The old release's instances were still there at the deadlines of drain and "
              "progress.",
              "See `crossfade instances` and `crossfade logs`; `service.stop_grace` says how long "
              "one may take after SIGTERM.",
              "The release goes back: the old one is started again."},
};

}  // namespace

std::span<const CodeEntry> engine_codes() {
    return kCodes;
}

}  // namespace cli

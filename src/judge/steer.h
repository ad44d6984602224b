#pragma once
// Where a release under a budget of harm goes next: on, up, all the way, or back.

#include "judge/ramp.h"
#include "judge/trial.h"

namespace judge {

/// What the place is like.
struct Traffic {
    double requests_per_second = 0;  ///< To both releases.
    double reaction_seconds = 20;    ///< From a request to a weight that follows from it.
    double soak_left_seconds = 0;    ///< Before this is over the old release keeps its half.
    bool is_warming = false;         ///< Its instances are cold: the weight does not rise.
    double bake_seconds = 1800;      ///< How long all traffic is watched with the old one warm.
};

enum class Heading {
    back,    ///< A fault is shown, or the budget is spent on what is probably one.
    hold,    ///< At this weight: budget spent, or what is measured says nothing of the release.
    ramp,    ///< To this weight; from all traffic, too, to have the old release beside it again.
    finish,  ///< To the whole traffic.
};

struct Course {
    Heading heading = Heading::hold;
    double weight = 0;
    bool budget_is_spent = false;
};

/// After a tick at `weight`. Harm is counted by the trial's first metric.
Course steer(const Trial& trial, const Budget& budget, const Traffic& traffic, double weight);

}  // namespace judge

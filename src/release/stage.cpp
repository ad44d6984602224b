#include "release/stage.h"

#include "base/result.h"
#include "release/names.h"

#include <fmt/format.h>
#include <string_view>

namespace release {

std::string_view name_of(Stage stage) {
    return name_in_table(stage);
}

base::Result<Stage> stage_from(std::string_view name) {
    for (const auto& [row, stage] : Names<Stage>::rows)
        if (row == name) return stage;
    return base::fail(base::Failure::rejected,
                      {.code = "CF0202",
                       .what = fmt::format("`{}` is no stage", name.substr(0, 64)),
                       .fix = "the stages are PREFLIGHT, PUBLISH_ASSETS, PREPARE, SCALE_UP, TEST, "
                              "SHIFT, BAKE, DRAIN, RETIRE and, in rolling releases, REPLACE"});
}

}  // namespace release

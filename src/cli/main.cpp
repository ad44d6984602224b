#include "base/clock.h"
#include "cli/app.h"

#include <string>
#include <vector>

int main(int argc, char** argv) {
    base::SystemClock clock;
    return cli::run(argv[0], std::vector<std::string>(argv + 1, argv + argc), clock);
}

#include "engine/store_contract.h"

#include "local/store.h"
#include "local/temporary_test.h"

namespace local {
namespace {

class Bench final : public engine::StoreBench {
public:
    engine::Store& store() override { return *one_; }
    engine::Store& another() override { return *two_; }

private:
    TemporaryFolder folder_;
    std::unique_ptr<Store> one_ = std::move(*Store::open(folder_.path / "state.db"));
    std::unique_ptr<Store> two_ = std::move(*Store::open(folder_.path / "state.db"));
};

std::unique_ptr<engine::StoreBench> make_bench() {
    return std::make_unique<Bench>();
}

}  // namespace
}  // namespace local

namespace engine {
INSTANTIATE_TEST_SUITE_P(local, StoreContract, testing::Values(&local::make_bench));
}  // namespace engine

#include "tessera/testing/recorder.hpp"

namespace tessera::testing {
namespace {

class recorder final : public tracer {
public:
    recorder() : tracer(new_level()) {}
    void process(const op& o, std::span<const array> in, attributes attrs, std::span<array> out) override {
        calls.push_back({&o, {in.begin(), in.end()}, kept_attributes(attrs)});
        evaluate(o, in, attrs, out);
    }
    std::vector<recorded_call> calls;
};

}  // namespace

std::vector<recorded_call> record_calls(const std::function<void()>& f) {
    recorder seen;
    struct installed {
        tracer* before;
        explicit installed(tracer* t) : before(install_staging_tracer(t)) {}
        ~installed() { install_staging_tracer(before); }
    } const guard(&seen);
    f();
    return std::move(seen.calls);
}

}  // namespace tessera::testing

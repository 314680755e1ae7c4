// Our worker: the cases of the files that were built in.
#include "../worker/worker.hpp"

int main() {
    bench::worker worker("tessera, this build");
    for (const auto add : bench::offer::all()) add(worker);
    return worker.serve();
}

namespace IlgpuDistance.Cli;

/// <summary>
/// What other programs call the verbs and options of this one: words too far from ours to be taken for mistyped.
/// </summary>
internal static class Synonyms
{
    private static readonly Dictionary<string, string[]> OfVerbs = new()
    {
        ["train"] = ["fit", "learn", "run", "start"],
        ["reproduce"] = ["experiment", "experiments", "paper", "replicate", "sweep", "grid"],
        ["merge"] = ["join", "combine", "collect", "gather"],
        ["report"] = ["plot", "summary", "tables"],
        ["evaluate"] = ["test", "eval", "predict", "score", "validate", "infer"],
        ["analyze"] = ["analyse", "analysis", "inspect", "explain"],
        ["profile"] = ["bench", "benchmark", "perf", "time"],
        ["devices"] = ["gpu", "gpus", "device", "list"],
        ["data"] = ["dataset", "datasets", "download", "mnist"],
        ["--version"] = ["version", "-V", "-version", "--ver"],
        ["--help"] = ["-?", "/?", "/h", "-help", "--usage", "usage"],
    };

    private static readonly Dictionary<string, string[]> OfOptions = new()
    {
        ["--lr"] = ["--learning-rate", "--learning_rate", "--learningrate", "--rate", "--eta", "--step-size"],
        ["--optimizer"] = ["--optim", "--optimiser", "--algorithm", "--solver", "--momentum", "--weight-decay"],
        ["--lr-schedule"] = ["--schedule", "--scheduler", "--lr-scheduler", "--lr-decay", "--warm-up", "--warmup"],
        ["--out"] = ["--output", "--output-dir", "--save", "--save-dir", "--dir", "--folder", "--logdir", "-o"],
        ["--batch-size"] = ["--batch", "--batchsize", "--batch_size", "--bs", "-b"],
        ["--epochs"] = ["--epoch", "--iterations", "--steps", "--max-epochs", "--num-epochs", "-e", "-n"],
        ["--device"] = ["--gpu", "--cpu", "--cuda", "--opencl", "--accelerator", "-d"],
        ["--model"] = ["--net", "--network", "--arch", "--architecture", "--layers", "-m"],
        ["--models"] = ["--model", "--networks"],
        ["--vary"] = ["--sweep", "--grid", "--search", "--over"],
        ["--config"] = ["--file", "--options", "--settings", "-c"],
        ["--init"] = ["--weights", "--load", "--pretrained", "--checkpoint", "--from"],
        ["--resume"] = ["--continue", "--restart"],
        ["--seed"] = ["--random-seed", "--rng", "-s"],
        ["--threads"] = ["--workers", "--num-threads", "--cores", "-j", "-t"],
        ["--jobs"] = ["--parallel", "-j"],
        ["--data"] = ["--data-dir", "--data-path", "--root", "--input"],
        ["--force"] = ["--overwrite", "--yes", "-f", "-y"],
        ["--input-scale"] = ["--normalize", "--normalise", "--standardize", "--scale"],
        ["--quiet"] = ["--silent", "-q"],
        ["--verbose"] = ["--debug", "--trace-errors", "-v"],
        ["--what"] = ["--analyses", "--kinds", "--only"],
    };

    /// <summary>
    /// The verb, or the option that stands in its place, that a word means elsewhere; null where none is known.
    /// </summary>
    public static string? VerbFor(string word) => Find(OfVerbs, word, OfVerbs.Keys);

    /// <summary>The option of a verb that a word means elsewhere; null where none is known.</summary>
    /// <param name="word">What was typed, with its dashes.</param>
    /// <param name="options">The options that the verb has.</param>
    public static string? OptionFor(string word, IEnumerable<string> options) => Find(OfOptions, word, options);

    private static string? Find(Dictionary<string, string[]> synonyms, string word, IEnumerable<string> ours) =>
        ours.FirstOrDefault(name => synonyms.GetValueOrDefault(name, []).Contains(word, StringComparer.OrdinalIgnoreCase));
}

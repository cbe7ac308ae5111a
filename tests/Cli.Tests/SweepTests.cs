using System.Security.Cryptography;
using System.Text.Json;
using IlgpuDistance.Cli.Sweeps;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli.Tests;

/// <summary>Experiments that vary options of <c>train</c>.</summary>
public sealed class SweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public SweepTests() => _data = PartOfDigits.Write(_folder["data"], train: 90, test: 40);

    public void Dispose() => _folder.Dispose();

    private CliResult Reproduce(string name, params string[] arguments) => CliCall.Run(
        ["reproduce", "--data", _data, "--device", "cpu", "--threads", "1", "--quiet", "--out", _folder[name], .. arguments]);

    private static void AssertDone(CliResult result) => Assert.Equal((0, ""), (result.ExitCode, result.ErrorButDeadOutputs));

    private static void AssertRefused(CliResult result, string message)
    {
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: {message}", Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private JsonElement[] Models(string name)
    {
        string text = File.ReadAllText(Path.Combine(_folder[name], "experiment.json"));
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("models").EnumerateArray()];
    }

    private string[] Names(string name) => [.. Models(name).Select(model => model.GetProperty("name").GetString()!)];

    private string RunOf(string name, int model, int run) =>
        Path.Combine(_folder[name], Models(name)[model].GetProperty("folder").GetString()!, $"{run}");

    private static byte[] Weights(string run) => File.ReadAllBytes(Path.Combine(run, "model.safetensors"));

    /// <summary>An example for every option that can be varied: two values that make different trainings.</summary>
    private (string Option, string First, string Second)[] Examples()
    {
        PartOfDigits.Write(_folder["more data"], train: 80, test: 30);
        foreach (string start in (string[])["first", "second"])
        {
            Assert.Equal(0, CliCall.Run(
                "train", "--data", _data, "--device", "cpu", "--model", "linear(5) > abs > offset-l2(10)", "--epochs", "1",
                "--seed", start == "first" ? "7" : "8", "--out", _folder[start], "--quiet").ExitCode);
        }
        return
        [
            ("model", "linear(4) > abs > offset-l2(10)", "linear(5) > relu > offset-l2(10)"),
            ("epochs", "3", "5"),
            ("init", _folder["first"], _folder["second"]),
            ("input-scale", "unit", "standardized"),
            ("lr", "0.01", "0.1"),
            ("optimizer", "momentum(0.8)", "adam"),
            ("lr-schedule", "cosine", "step(2, 0.5)"),
            ("lr-of", "mu=100,alpha=0.5", "mu=10"),
            ("batch-size", "full", "30"),
            ("seed", "-3", "4"),
            ("offset-l2-form", "paper", "reference"),
            ("dataset", "digits", "auto"),
            ("data", _data, _folder["more data"]),
            ("transpose", "false", "true"),
            ("classes", "10", "11"),
        ];
    }

    private static Dataset Load(DatasetRequest request) =>
        new DatasetResolver(DataLocations.OfThisProcess(), new DatasetDownloader()).ResolveAsync(request).Result.Dataset;

    [Fact]
    public void A_variant_of_every_option_is_the_train_that_it_stands_for()
    {
        var examples = Examples();
        Assert.Equal(Variation.Options.Select(option => option.Key).Order(), examples.Select(example => example.Option).Order());
        foreach (var (option, first, second) in examples)
        {
            string[] given = ["--epochs=4", "--lr=0.02", "--input-scale=unit", $"--data={_data}"];
            string[] common = ["--offline", .. given.Where(
                word => !word.StartsWith($"--{option}=", StringComparison.Ordinal)
                    && !(option == "dataset" && word == given[^1]))];
            string model = option == "classes" ? "Abs-L2" : "linear(5) > abs > offset-l2(10)";
            Verb verb = VerbReader.Read(
                new VerbDescription(typeof(ReproduceVerb)), [.. common, $"--vary={option}={first};{second}"]);
            var plan = ExperimentPlan.Of(verb, 4, [model], [Variation.Parse($"{option}={first};{second}")]);
            ExperimentDescription described = plan.Describe(2, plan.Data.ToDictionary(data => data, Load), TrainVerb.LoadStart);
            // MNIST is not there, so that auto means the digits, too.
            Assert.Equal(option == "dataset" ? 1 : 2, described.Models.Count);
            foreach (var (variant, value) in described.Models.Zip([first, second]))
            {
                string[] own = option != "transpose" ? [$"--{option}={value}"] : value == "true" ? ["--transpose"] : [];
                var train = (TrainVerb)VerbReader.Read(
                    new VerbDescription(typeof(TrainVerb)),
                    [.. common, "--run=1", .. option == "model" ? Array.Empty<string>() : [$"--model={model}"], .. own]);
                TrainingSetup expected = train.SetUp(Load(train.DatasetRequest), TrainVerb.LoadStart);
                TrainingSetup actual = plan.SetUp(described, variant, 1);
                Assert.Equal(expected.Plan.Network.ToString(), actual.Plan.Network.ToString());
                Assert.Equal((expected.Settings, expected.Options), (actual.Settings, actual.Options));
                Assert.Equal(expected.Start.Parameters, actual.Start.Parameters);
                Assert.True(RunData.Of(expected.Dataset, expected.TrainSamples).IsSameAs(described.DataOf(variant)));
            }
        }
    }

    [Fact]
    public void The_weights_of_a_variant_have_the_bits_of_the_same_train()
    {
        string[] models = ["linear(3) > abs > linear(10)", "linear(4) > relu > linear(10)"],
            optimizers = ["sgd", "momentum(0.8)"], sizes = ["full", "30"];
        AssertDone(Reproduce(
            "a", "--runs", "2", "--epochs", "3", "--input-scale", "unit", "--vary", $"model={string.Join(',', models)}", "--vary",
            $"optimizer={string.Join(',', optimizers)}", "--vary", $"batch-size={string.Join(',', sizes)}"));
        for (int i = 0; i < 8; i++)
        {
            string repeated = _folder[$"{i}"];
            Assert.Equal(0, CliCall.Run(
                "train", "--data", _data, "--device", "cpu", "--threads", "1", "--quiet", "--out", repeated, "--run", "1",
                "--epochs", "3", "--input-scale", "unit", "--model", models[i / 4], "--optimizer", optimizers[i / 2 % 2],
                "--batch-size", sizes[i % 2]).ExitCode);
            Assert.Equal(Weights(repeated), Weights(RunOf("a", i, 1)));
        }
        Assert.Equal(8, Enumerable.Range(0, 8).Select(i => Convert.ToHexString(Weights(RunOf("a", i, 1)))).Distinct().Count());
    }

    [Fact]
    public void Several_options_make_a_grid_of_every_model()
    {
        AssertDone(Reproduce(
            "a", "--models", "linear(3) > abs > linear(10),linear(4) > linear(10)", "--vary", "lr=0.001..0.01:*10", "--vary",
            "epochs=1,2", "--runs", "1"));
        string[] variants = ["lr 0.001, epochs 1", "lr 0.001, epochs 2", "lr 0.01, epochs 1", "lr 0.01, epochs 2"];
        Assert.Equal(
            [
                .. variants.Select(variant => $"linear(3) > abs > linear(10), {variant}"),
                .. variants.Select(variant => $"linear(4) > linear(10), {variant}"),
            ],
            Names("a"));
        string report = File.ReadAllText(Path.Combine(_folder["a"], "report", "report.md"));
        Assert.StartsWith("# 8 models, 1 run each, 1 to 2 epochs on ", report, StringComparison.Ordinal);
        Assert.Contains(
            ", 1 run each, which differ in lr (0.001; 0.01) and epochs (1; 2).", report, StringComparison.Ordinal);
        Assert.Equal(9, File.ReadAllLines(Path.Combine(_folder["a"], "report", "summary.csv")).Length);
    }

    [Fact]
    public void A_sweep_goes_on_with_more_values_and_more_runs_and_adopts_what_train_has_left()
    {
        string[] common = ["--models", "linear(3) > abs > linear(10)", "--epochs", "3"];
        AssertDone(Reproduce("a", [.. common, "--runs", "1", "--vary", "lr=0.001,0.01"]));
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(RunOf("a", 0, 0), "run.json"));
        Assert.Equal(0, CliCall.Run(
            "train", "--data", _data, "--device", "cpu", "--threads", "1", "--model", "linear(3) > abs > linear(10)",
            "--epochs", "3", "--lr", "0.01", "--run", "1", "--out", RunOf("a", 1, 1), "--quiet").ExitCode);
        DateTime adopted = File.GetLastWriteTimeUtc(Path.Combine(RunOf("a", 1, 1), "run.json"));

        AssertDone(Reproduce("a", [.. common, "--runs", "2", "--vary", "lr=1e-3,1e-2,0.1"]));
        string[] names = ["lr 0.001", "lr 0.01", "lr 0.1"];
        Assert.Equal(names.Select(name => $"linear(3) > abs > linear(10), {name}"), Names("a"));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(RunOf("a", 0, 0), "run.json")));
        Assert.Equal(adopted, File.GetLastWriteTimeUtc(Path.Combine(RunOf("a", 1, 1), "run.json")));
        Assert.Equal(7, File.ReadAllLines(Path.Combine(_folder["a"], "report", "runs.csv")).Length);
    }

    [Fact]
    public void Shares_of_a_sweep_are_merged_to_the_whole_also_from_a_file()
    {
        File.WriteAllText(_folder["a.toml"], """
            models = "linear(3) > abs > linear(10)"
            epochs = 2
            runs = 1
            vary = { lr = [0.001, 0.01], input-scale = ["unit", "raw"], optimizer = "sgd, momentum(0.5)" }
            """);
        string[] file = ["--config", _folder["a.toml"]];
        AssertDone(Reproduce("whole", file));
        foreach (string part in (string[])["1/2", "2/2"])
            AssertDone(Reproduce($"part {part[0]}", [.. file, "--shard", part]));
        Assert.Equal(
            0, CliCall.Run("merge", _folder["part 1"], _folder["part 2"], "--out", _folder["merged"]).ExitCode);
        string[] models = [.. Directory.GetFiles(_folder["whole"], "model.safetensors", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_folder["whole"], path))];
        Assert.Equal(8, models.Length);
        Assert.All(models, model => Assert.Equal(
            File.ReadAllBytes(Path.Combine(_folder["whole"], model)), File.ReadAllBytes(Path.Combine(_folder["merged"], model))));
        Assert.Equal(4, Directory.GetFiles(_folder["part 1"], "model.safetensors", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Variants_that_train_the_same_are_one()
    {
        AssertDone(Reproduce(
            "a", "--models", "linear(3) > abs > linear(10)", "--epochs", "1", "--runs", "1", "--vary", "lr=0.01,1e-2,0.010",
            "--vary", "offset-l2-form=paper,reference", "--vary", "batch-size=FULL,full"));
        Assert.Equal(["linear(3) > abs > linear(10), lr 0.01, offset-l2-form paper, batch-size FULL"], Names("a"));
    }

    [Fact]
    public void Models_to_begin_with_are_told_apart_by_what_is_in_them_and_not_by_where_they_lie()
    {
        _ = Examples();
        Directory.CreateDirectory(_folder["copy"]);
        File.Copy(Path.Combine(_folder["first"], "model.safetensors"), Path.Combine(_folder["copy"], "model.safetensors"));
        string[] common = ["--models", "linear(5) > abs > offset-l2(10)", "--epochs", "1"];
        string[] vary = ["--vary", $"init={_folder["first"]},{_folder["second"]},{_folder["copy"]}"];
        AssertDone(Reproduce("a", [.. common, "--runs", "1", .. vary]));
        Assert.Equal(2, Names("a").Length);
        string sum = Convert.ToHexStringLower(SHA256.HashData(Weights(_folder["first"])));
        JsonElement training = Models("a")[0].GetProperty("training");
        Assert.Equal((_folder["first"], sum),
            (training.GetProperty("initialModel").GetString(), training.GetProperty("initialModelSha256").GetString()));

        CliResult equal = Reproduce("a", [.. common, "--runs", "2", .. vary]);
        Assert.Equal(0, equal.ExitCode);
        Assert.Matches(
            "^warning: .*: full batches from a saved model leave nothing to chance, so that all its runs are the same; .*\n" +
            "warning: .* run 0 and .* run 1 have the same weights, bit for bit, but count as two results; so do 1 more run\n$",
            equal.Error);
        string[] batches = [.. common, "--runs", "2", "--batch-size", "30", "--vary", $"init={_folder["first"]}"];
        AssertDone(Reproduce("b", batches));

        foreach (string name in (string[])["model.safetensors", "run.json"])
            File.Copy(Path.Combine(_folder["second"], name), Path.Combine(_folder["first"], name), overwrite: true);
        AssertRefused(Reproduce("b", batches), "SHA-256 of the initial parameters ");
        AssertRefused(Reproduce("a", [.. common, "--runs", "2", "--vary", $"init={_folder["first"]}"]),
            "SHA-256 of the initial parameters ");
    }

    [Fact]
    public void Variants_that_end_with_the_same_bits_are_told_to_count_as_two()
    {
        CliResult result = Reproduce(
            "a", "--models", "linear(3) > abs > linear(10)", "--epochs", "2", "--runs", "2",
            "--vary", "optimizer=sgd;momentum(0)");
        Assert.Equal(
            (0, "warning: linear(3) > abs > linear(10), optimizer sgd run 0 and linear(3) > abs > linear(10), optimizer " +
                "momentum(0) run 0 have the same weights, bit for bit, but count as two results; so do 1 more run\n"),
            (result.ExitCode, result.Error));
    }

    [Fact]
    public void A_run_in_the_folder_of_another_variant_is_left_out_of_the_report()
    {
        AssertDone(Reproduce(
            "a", "--models", "linear(3) > abs > linear(10)", "--epochs", "2", "--runs", "1", "--vary", "lr=0.01,0.1"));
        Directory.Delete(RunOf("a", 0, 0), recursive: true);
        Directory.Move(RunOf("a", 1, 0), RunOf("a", 0, 0));
        CliResult result = CliCall.Run("report", _folder["a"]);
        Assert.Contains("run.json: trained with learning rate 0.1 where experiment.json has 0.01", result.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_of_train_can_be_varied_or_says_why_not()
    {
        foreach (VerbOption option in new VerbDescription(typeof(TrainVerb)).Options)
        {
            if (!Variation.Refused.TryGetValue(option.Key, out string? reason))
            {
                Assert.Equal(option.Key, Variation.Find(option.Key).Key);
                continue;
            }
            AssertRefused(
                Reproduce("a", "--vary", $"{option.Key}=1"),
                $"--vary {option.Key}=1: {option.Key} cannot be varied: {reason}");
        }
        Assert.All(Variation.Refused.Keys, key => Assert.Contains(
            key, new VerbDescription(typeof(TrainVerb)).Options.Select(option => option.Key)));
    }

    [Theory]
    [InlineData("--vary lr: expected NAME=VALUES, e.g. ", "--vary", "lr")]
    [InlineData("--vary lr=: expected NAME=VALUES, e.g. ", "--vary", "lr=")]
    [InlineData("--vary rate=1: train has no option \"rate\"; did you mean lr? Expected is model, epochs, init, ", "--vary",
        "rate=1")]
    [InlineData("--vary jobs=1: train has no option \"jobs\"; expected ", "--vary", "jobs=1")]
    [InlineData("--vary lr=1,,2: a value is missing", "--vary", "lr=1,,2")]
    [InlineData("--vary lr=1..2:-1: 1..2:-1: its steps do not lead from 1 to 2", "--vary", "lr=1..2:-1")]
    [InlineData("--lr quick: expected a number", "--vary", "lr=0.1,quick")]
    [InlineData("--input-scale grey: expected raw, unit or standardized", "--vary", "input-scale=grey")]
    [InlineData("--vary transpose=yes: expected true or false", "--vary", "transpose=yes")]
    [InlineData("the variant lr -1: --lr -1: expected a finite number above 0", "--vary", "lr=0.1,-1")]
    [InlineData("the variant epochs 5, lr-schedule cosine(warm-up: 10): ", "--vary", "epochs=5,50", "--vary",
        "lr-schedule=cosine(warm-up: 10)")]
    [InlineData("--vary lr: given twice", "--vary", "lr=1", "--vary", "lr=2")]
    [InlineData("--lr and --vary lr: both give values", "--vary", "lr=1", "--lr", "2")]
    [InlineData("--models and --vary model: both give values", "--vary", "model=Abs", "--models", "ReLU")]
    [InlineData("--vary: 6 × 1,000 × 1,000 are 6,000,000 variants; expected 10,000 at most", "--vary", "lr=0.001..1:+0.001",
        "--vary", "seed=1..1000:+1")]
    [InlineData("--runs 1000000: 1,000,000 runs of each of 12 variants are 12,000,000; expected 1,000,000 at most", "--vary",
        "lr=1,2", "--runs", "1000000")]
    [InlineData("unknown model \"Abs3\"; did you mean Abs", "--vary", "model=ReLU,Abs3")]
    [InlineData("the variant batch-size 1000: --batch-size 1000: expected 1 to the number of training samples (90), or full",
        "--vary", "batch-size=1000")]
    public void Wrong_use_is_refused_in_one_line(string message, params string[] arguments)
    {
        AssertRefused(Reproduce("a", arguments), message);
        Assert.False(Directory.Exists(_folder["a"]));
    }
}

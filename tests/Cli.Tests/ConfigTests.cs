using System.Text.Json.Nodes;
using IlgpuDistance.Cli.Configuration;
using IlgpuDistance.Cli.Sweeps;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>Files that say what a command line says, and experiments that are repeated from their own file.</summary>
public sealed class ConfigTests : IDisposable
{
    private static readonly VerbDescription Reproduce = new(typeof(ReproduceVerb));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }

    private static CliResult Run(string file, params string[] arguments) => CliCall.Run(
        ["reproduce", "--config", file, "--device", "cpu", "--threads", "1", "--quiet", .. arguments]);

    private static void AssertDone(CliResult result) => Assert.Equal((0, ""), (result.ExitCode, result.ErrorButDeadOutputs));

    private void AssertRefused(string text, string message, string extension = "toml")
    {
        string file = Write($"a.{extension}", text);
        CliResult result = Run(file, "--out", _folder["out"]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: {file}{message}", Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    /// <summary>What a file adds to a command line without options.</summary>
    private (string[] Words, string[] Varied) Read(string name, string text, params string[] given)
    {
        var file = ConfigFile.Of(Reproduce, ConfigFile.Read(Write(name, text)));
        Verb verb = VerbReader.Read(Reproduce, given);
        return ([.. file.WordsBeside(verb)], [.. file.VariationsBeside(verb).Select(
            variation => $"{variation.Option.Key}={string.Join(';', variation.Values)}")]);
    }

    private const string Toml = """
        # An experiment.
        models = ["ReLU", "linear(4, bias: false) > abs > linear(10)"]
        runs = 2
        lr = 0.05
        batch-size = 30
        offline = true
        transpose = false
        input-scale = "unit"

        [vary]
        epochs = "1..3:+1"
        seed = [1, "5..7:+2"]
        optimizer = "momentum(0.8|0.9), adam"
        """;

    private const string Json = """
        {
          "models": "ReLU, linear(4, bias: false) > abs > linear(10)",
          "runs": 2, "lr": 0.05, "batch-size": 30, "offline": true, "transpose": false, "input-scale": "unit",
          "vary": { "epochs": [1, 2, 3], "seed": "1,5,7", "optimizer": ["momentum(0.8|0.9)", "adam"] }
        }
        """;

    [Theory]
    [InlineData("a.toml", Toml)]
    [InlineData("a.json", Json)]
    public void A_file_says_what_a_command_line_says(string name, string text)
    {
        var (words, varied) = Read(name, text);
        Assert.Equal(
            ["--models=ReLU, linear(4, bias: false) > abs > linear(10)", "--runs=2", "--lr=0.05", "--batch-size=30", "--offline",
                "--input-scale=unit"], words);
        Assert.Equal(["epochs=1;2;3", "seed=1;5;7", "optimizer=momentum(0.8);momentum(0.9);adam"], varied);
    }

    [Fact]
    public void Options_of_the_command_line_come_first()
    {
        var (words, varied) = Read("a.toml", Toml, "--models=Abs", "--epochs=9", "--vary=lr=1,2", "--vary=seed=3");
        Assert.Equal(["--runs=2", "--batch-size=30", "--offline", "--input-scale=unit"], words);
        Assert.Equal(["optimizer=momentum(0.8);momentum(0.9);adam"], varied);
        Assert.Equal(
            ["--lr=0.1"], Read("c.toml", "runs = 2\nepochs = 5\nlr = 0.1\nvary.seed = \"1,2\"", "--preset=quick").Words);
        Assert.Empty(Read("b.toml", "models = \"ReLU\"\nvary.model = \"Abs\"", "--experiment=main").Varied);
    }

    [Theory]
    [InlineData("runs = 2\nlearning-rate = 0.1", ":2:1: there is no option \"learning-rate\"; did you mean lr?")]
    [InlineData("runz = 2", ":1:1: there is no option \"runz\"; did you mean runs?")]
    [InlineData("zzzzzzzz = 2", ":1:1: there is no option \"zzzzzzzz\"; expected experiment, models, preset, runs, ")]
    [InlineData("config = \"a\"", ":1:1: there is no option \"config\"")]
    [InlineData("runs = \"2\"", ":1:8: runs is the text \"2\"; expected a whole number")]
    [InlineData("runs = 2.5", ":1:8: runs is 2.5; expected a whole number")]
    [InlineData("lr = true", ":1:6: lr is true; expected a number")]
    [InlineData("offline = 1", ":1:11: offline is 1; expected true or false")]
    [InlineData("optimizer = [\"sgd\"]", ":1:13: optimizer is a list; expected text")]
    [InlineData("models = [\"ReLU\", 3]", ":1:19: models is 3; expected text, or a list of texts")]
    [InlineData("data = 2020-01-01", ":1:8: data is 2020-01-01; expected text")]
    [InlineData("input-scale = \"grey\"", ":1:15: --input-scale grey: expected raw, unit or standardized")]
    [InlineData("models = \"ReLU, Abs3\"", ":1:10: unknown model \"Abs3\"; did you mean Abs")]
    [InlineData("\nlr = -1", ":2:6: --lr -1: expected a finite number above 0")]
    [InlineData("runs = 0", ":1:8: --runs 0: expected 1 or more")]
    [InlineData("optimizer = \"sdg\"", ":1:13: --optimizer ")]
    [InlineData("vary = 3", ":1:8: vary is 3; expected a table of options with their values")]
    [InlineData("[vary]\nrate = [1]", ":2:1: train has no option \"rate\"; did you mean lr?")]
    [InlineData("[vary]\nthreads = [1]", ":2:1: threads cannot be varied: the same bits come out for any number of threads")]
    [InlineData("[vary]\nlr = []", ":2:6: lr has no values; expected at least one")]
    [InlineData("[vary]\nlr = [[1]]", ":2:7: lr is a list; expected a value or a list of values")]
    [InlineData("[vary]\nlr = [0.1, \"quick\"]", ":2:6: --lr quick: expected a number")]
    [InlineData("[vary]\nlr = \"1..2:-1\"", ":2:6: 1..2:-1: its steps do not lead from 1 to 2")]
    [InlineData("[vary]\nlr = [0.1, -1]", ":2:6: the variant lr -1: --lr -1: expected a finite number above 0")]
    [InlineData("[[vary]]\nlr = 1", ":1:3: vary is a list; expected a table")]
    [InlineData("lr = \nruns = 1", ":1:6: is no TOML: the line ends where more is expected")]
    [InlineData("lr = 1\nlr = 2", ":2:1: lr is given twice; give it once")]
    [InlineData("vary.lr = 1\nvary.lr = 2", ":2:1: vary.lr is given twice; give it once")]
    [InlineData("runs = 2 seed = 3", ":1:10: is no TOML: \"seed\" cannot stand here")]
    [InlineData("runs = two", ":1:8: is no TOML: \"two\" cannot stand here")]
    [InlineData("models = \"ReLU\nruns = 2", ":1:15: is no TOML: the line has a quotation mark too few")]
    [InlineData("[vary]\nlr = 1\n[vary]\nseed = 1", ":3:1: is no TOML: this repeats or contradicts an earlier line")]
    [InlineData("seed = 1.0", ":1:8: seed is 1.0; expected a whole number")]
    [InlineData("models = []", ":1:10: models has no values; expected at least one")]
    [InlineData("lr-of = \"mu=100;alpha=0.5\"", ":1:9: --lr-of \"mu=100;alpha=0.5\": expected commas between the roles")]
    [InlineData("", "{ \"models\": [] }", "json", ":1:13: models has no values; expected at least one")]
    [InlineData("", "{ \"seed\": 1.0 }", "json", ":1:11: seed is 1.0; expected a whole number")]
    [InlineData("", "{ \"runs\": 1, }", "json", ":1:14: is no JSON: \"}\" cannot stand here")]
    [InlineData("", "{ \"runs\": 1\n  \"seed\": 2 }", "json", ":2:3: is no JSON: \"\"\" cannot stand here")]
    [InlineData("", "{\n  \"ä\": yes }", "json", ":2:8: is no JSON: \"yes\" cannot stand here")]
    [InlineData("", "{ \"runs\": 1", "json", ":1:12: is no JSON: the file ends where more is expected")]
    [InlineData("", "{ \"runs\": 1,\n  \"runs\": 2 }", "json", ":2:3: runs is given twice; give it once")]
    [InlineData("", "{ \"runs\": null }", "json", ":1:11: runs is null; expected a whole number")]
    [InlineData("", "[1]", "json", ":1:1: is a list; expected the options of an experiment by name")]
    [InlineData("", "", "json", ":1:1: is no JSON: the file ends where more is expected")]
    [InlineData("", "{ \"ä\": 1, \"lr\": \"x\" }", "json", ":1:3: there is no option \"ä\"")]
    public void What_is_wrong_is_told_with_its_line(string toml, params string[] rest)
    {
        if (rest.Length == 1)
            AssertRefused(toml, rest[0]);
        else
            AssertRefused(rest[0], rest[2], rest[1]);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_refused()
    {
        CliResult result = Run(_folder["none.toml"], "--out", _folder["out"]);
        Assert.Equal($"error: {_folder["none.toml"]}: there is no such file\n", result.Error);
        Directory.CreateDirectory(_folder["folder.toml"]);
        Assert.Equal(
            $"error: {_folder["folder.toml"]}: is a folder; name a file\n", Run(_folder["folder.toml"], "--out", "a").Error);
        result = Run(Write("a.yaml", "a: 1"), "--out", _folder["out"]);
        Assert.Equal($"error: {_folder["a.yaml"]}: expected a file whose name ends with .toml or .json\n", result.Error);
        File.WriteAllBytes(_folder["b.toml"], [0x61, 0xFF]);
        Assert.Equal($"error: {_folder["b.toml"]}: its text is not UTF-8\n", Run(_folder["b.toml"]).Error);
        Assert.Contains("is no TOML: its lists and tables are nested too deeply",
            Run(Write("c.toml", "a=" + new string('[', 5000))).Error, StringComparison.Ordinal);
        Assert.Contains("is no JSON: its lists and tables are nested too deeply",
            Run(Write("c.json", new string('[', 5000))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_in_the_documentation_is_that_of_the_options()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "experiment.schema.json");
        Assert.True(
            ConfigSchema.Of(Reproduce) == File.ReadAllText(file),
            "docs/experiment.schema.json is not what the options say; ilgpu-distance reproduce --schema writes it");
        Assert.Equal(ConfigSchema.Of(Reproduce), CliCall.Run("reproduce", "--schema").Output);
    }

    /// <summary>Every key of the schema with a value of every type: the reader takes those that the schema allows.</summary>
    [Fact]
    public void The_reader_takes_what_the_schema_allows_and_nothing_else()
    {
        JsonObject schema = JsonNode.Parse(ConfigSchema.Of(Reproduce))!.AsObject(), properties = schema["properties"]!.AsObject();
        Assert.Equal(
            Reproduce.Options.Select(option => option.Key).Except(["config", "schema", .. ConfigFile.OfOneProcess])
                .Append("$schema").Order(),
            properties.Select(property => property.Key).Order());
        foreach (var (key, property) in properties.Where(property => property.Key is not ("$schema" or "vary")))
        {
            string[] types = property!["type"] is JsonArray several
                ? [.. several.Select(type => type!.GetValue<string>())]
                : [property["type"]!.GetValue<string>()];
            string text = property["enum"]?[0]!.GetValue<string>() ?? (key == "models" ? "ReLU" : "1");
            foreach (var (type, value) in ((string, string)[])[("string", $"\"{text}\""), ("integer", "1"), ("number", "1.5"),
                ("boolean", "true"), ("array", $"[\"{text}\"]"), ("object", "{}"), ("null", "null")])
            {
                bool isAllowed = types.Contains(type) || type == "integer" && types.Contains("number");
                Exception? refusal = Record.Exception(() => Read("a.json", $$"""{ "{{key}}": {{value}} }"""));
                Assert.True(isAllowed ? refusal is null : refusal is InputException, $"{key}: {value}: {refusal?.Message}");
            }
        }
        Assert.Equal(
            Variation.Options.Select(option => option.Key),
            properties["vary"]!["properties"]!.AsObject().Select(property => property.Key));
    }

    [Fact]
    public void The_examples_can_be_run()
    {
        string[] files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "experiments"), "*.toml");
        Assert.NotEmpty(files);
        foreach (string path in files)
        {
            var file = ConfigFile.Of(Reproduce, ConfigFile.Read(path));
            var verb = (ReproduceVerb)VerbReader.Read(
                Reproduce, [.. file.WordsBeside(VerbReader.Read(Reproduce, []))]);
            var plan = ExperimentPlan.Of(
                verb, verb.Epochs!.Value, ["ReLU"], [.. file.VariationsBeside(VerbReader.Read(Reproduce, []))]);
            Assert.InRange(plan.Count * verb.Runs!.Value, 2, 200);
            Assert.Contains($"experiments/{Path.GetFileName(path)} --out", File.ReadAllText(path), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_experiment_with_another_executor_is_repeated_with_that_one()
    {
        string data = PartOfDigits.Write(_folder["data"], train: 20, test: 10);
        AssertDone(Run(
            Write("a.toml", "models = \"linear(3) > linear(10)\"\nepochs = 1\nruns = 1\nexecutor = \"kernels\""), "--data", data,
            "--out", _folder["a"]));
        string description = Path.Combine(_folder["a"], "experiment.json");
        AssertDone(Run(description, "--out", _folder["b"]));
        foreach (string folder in (string[])["a", "b"])
        {
            string run = Directory.GetFiles(_folder[folder], "run.json", SearchOption.AllDirectories).Single();
            Assert.Contains("\"executor\": \"kernels\"", File.ReadAllText(run), StringComparison.Ordinal);
        }
        Assert.StartsWith(
            $"error: --executor: {description} says how", Run(description, "--out", _folder["c"], "--executor", "simd").Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_experiment_is_repeated_from_its_own_file_with_the_same_bits()
    {
        string data = PartOfDigits.Write(_folder["data"], train: 90, test: 40);
        AssertDone(Run(
            Write("a.toml", """
                models = "linear(3) > abs > offset-l2(10), Abs-L2"
                offset-l2-form = "reference"
                seed = 5
                epochs = 3
                runs = 2
                [vary]
                lr = [0.001, 0.01]
                input-scale = ["unit", "standardized"]
                """), "--data", data, "--out", _folder["a"]));
        string description = Path.Combine(_folder["a"], "experiment.json");
        AssertDone(Run(description, "--out", _folder["b"]));
        string[] Models(string folder) => [.. Directory
            .GetFiles(_folder[folder], "model.safetensors", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_folder[folder], path)).Order(StringComparer.Ordinal)];
        Assert.Equal(16, Models("a").Length);
        Assert.Equal(Models("a"), Models("b"));
        Assert.All(Models("a"), model => Assert.Equal(
            File.ReadAllBytes(Path.Combine(_folder["a"], model)), File.ReadAllBytes(Path.Combine(_folder["b"], model))));
        static string Told(string path) => string.Join('\n', File.ReadLines(path).Where(line => !line.Contains("\"started\"")));
        Assert.Equal(Told(description), Told(Path.Combine(_folder["b"], "experiment.json")));

        CliResult other = Run(description, "--out", _folder["c"], "--lr", "0.5");
        Assert.Equal(
            $"error: --lr: {description} says how its experiment is trained, to the bit; leave it out, or write a file with " +
            "options\n",
            other.Error);
        // Where the data lies is nobody's concern, but what it is.
        string moved = Path.Combine(Directory.CreateDirectory(_folder["elsewhere"]).FullName, "data");
        Directory.Move(data, moved);
        AssertDone(Run(description, "--out", _folder["b"], "--data", moved, "--runs", "1"));
        PartOfDigits.Write(data, train: 80, test: 40);
        other = Run(description, "--out", _folder["c"], "--data", data);
        Assert.Equal(2, other.ExitCode);
        Assert.StartsWith($"error: {description}: was trained on ", other.Error, StringComparison.Ordinal);
    }
}

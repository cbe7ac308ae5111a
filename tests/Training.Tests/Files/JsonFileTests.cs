using System.Text;
using System.Text.Json.Nodes;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Runs;
using IlgpuDistance.Training.Tests.Analysis;

namespace IlgpuDistance.Training.Tests.Files;

/// <summary>JSON that is damaged or of others is refused in one line that says where and what.</summary>
public sealed class JsonFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoredExperiment _experiment =
        new StoredExperiment(epochs: 4, runs: 1).Add("small", "linear(4) > abs > linear(10)", 90);

    public void Dispose()
    {
        _folder.Dispose();
        _experiment.Dispose();
    }

    private static string Refusal(Func<object?> read)
    {
        string message = Assert.Throws<InputException>(read).Message;
        Assert.DoesNotContain('\n', message);
        // Words of .NET's own errors.
        foreach (string foreign in (string[])["System.", "IlgpuDistance.", "JsonException", "nullability", "isFinalBlock",
            "BytePosition", "deserialization"])
        {
            Assert.DoesNotContain(foreign, message, StringComparison.Ordinal);
        }

        return message;
    }

    /// <summary>Replaces a value in a file: <c>data/md5/images</c> names it.</summary>
    private static void Replace(string file, string path, string json)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(file))!, node = root;
        string[] steps = path.Split('/');
        foreach (string step in steps[..^1])
            node = int.TryParse(step, out int index) ? node[index]! : node[step]!;
        JsonNode? value = JsonNode.Parse(json);
        if (int.TryParse(steps[^1], out int last))
            node[last] = value;
        else
            node[steps[^1]] = value;
        File.WriteAllText(file, root.ToJsonString());
    }

    [Theory]
    [InlineData("model", "null", "model is null; expected text")]
    [InlineData("model", "\"linear(0)\"", "\"linear(0)\" is no network for 64 inputs and 10 classes: layer 1")]
    [InlineData("model", "\"linear(11)\"", "the network ends with 11 outputs")]
    [InlineData("parameters", "7", "parameters is 7, but linear(4) > abs > linear(10) has 310")]
    [InlineData("outcome", "2", "outcome is 2; expected running or ")]
    [InlineData("outcome", "\"finished\"", "outcome is \"finished\"; expected running or ")]
    [InlineData("started", "\"2025-13-01T00:00:00Z\"", "started is \"2025-13-01T00:00:00Z\"; expected a date and time")]
    [InlineData("seconds", "-1", "seconds is -1; expected a number from 0")]
    [InlineData("final", "null", "it has ended, but final is missing")]
    [InlineData("final/testAccuracy", "null", "it is completed, but final has no testAccuracy")]
    [InlineData("final/testAccuracy", "100.5", "final: testAccuracy is 100.5; expected a number from 0 to 100")]
    [InlineData("final/loss", "\"NaN\"", "final.loss is NaN; expected a finite number")]
    [InlineData("final/epoch", "-1", "final: epoch is -1; expected a whole number from 0")]
    [InlineData("data/classes", "1", "data: classes is 1; expected a whole number from 2")]
    [InlineData("data/scale", "1e999", "data: scale is Infinity; expected a finite number")]
    [InlineData("data/md5/images", "\"12\"", "data: the MD5 of images is \"12\"; expected 32 hexadecimal digits")]
    [InlineData("data/md5/images", "null", "data: the MD5 of images is null; expected 32 hexadecimal digits")]
    [InlineData("device/threads", "0", "device: threads is 0; expected a whole number from 1")]
    [InlineData("device/name", "null", "device.name is null; expected text")]
    [InlineData("options", "{\"a\":[null]}", "a list holds null")]
    [InlineData("parameters", "\"many\"", "parameters is \"many\"; expected a whole number from")]
    [InlineData("parameters", "1.5", "parameters is 1.5; expected a whole number from")]
    [InlineData("seconds", "[1]", "seconds is [1]; expected a number")]
    [InlineData("data", "{}", "data.name is missing")]
    [InlineData("device", "7", "device is 7; expected an object")]
    public void A_run_with_a_value_that_cannot_be_is_refused(string path, string json, string expected)
    {
        string file = _experiment["small/0/run.json"];
        Replace(file, path, json);
        string message = Refusal(() => RunFolder.Find(_experiment["small/0"]));
        Assert.StartsWith($"{file}: is damaged or not of this program: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.EndsWith("; put back a copy of it, or delete its folder to train the run again", message,
            StringComparison.Ordinal);
        Assert.StartsWith(file, Assert.Single(ExperimentRecords.Read(_experiment.Folder).Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models/0", "null", "a list holds null")]
    [InlineData("models/0/network", "\"linear(4\"", "\"linear(4\" is no network for 64 inputs and 10 classes")]
    [InlineData("models", "[]", "models.count is 0; expected 1 or more")]
    [InlineData("runs", "2000000000", "runs is 2000000000; expected a whole number from 1 to 1000000")]
    [InlineData("options/lr", "\"fast\"", "option lr is \"fast\"; expected a number")]
    public void An_experiment_with_a_value_that_cannot_be_is_refused(string path, string json, string expected)
    {
        Replace(_experiment["experiment.json"], path, json);
        Assert.Contains(expected, Refusal(() => ExperimentRecords.Read(_experiment.Folder)), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_billion_epochs_in_a_description_cost_no_memory()
    {
        Replace(_experiment["experiment.json"], "epochs", "2000000000");
        Replace(_experiment["small/0/run.json"], "final/epoch", "2000000000");
        Replace(_experiment["small/0/run.json"], "options/epochs", "2000000000");
        _ = ExperimentRecords.Read(_experiment.Folder);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ExperimentRecords records = ExperimentRecords.Read(_experiment.Folder);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        const string Problem = "metrics.csv: 6 lines where a header and epochs 0 to 2000000000 make 2000000002";
        Assert.EndsWith(Problem, Assert.Single(records.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models/0/runs/0/activity/0/activeSamples", "[]",
        "models[0]: runs[0]: activity[0]: activeSamples.length is 0; expected 1 or more")]
    [InlineData("models/0/runs/1/activity/0/activeSamples", "[1]",
        "models[0]: its runs have not the same layers, images and nodes")]
    [InlineData("models/0/runs/0/activity/0/samples", "0", "samples is 0; expected a whole number from 1")]
    [InlineData("models/0/runs/0/perturbations/0/correctFromAbove", "[1,2]",
        "the length of correctFromBelow or correctFromAbove is 2; expected 101")]
    [InlineData("models/0/runs/0/perturbations/0/correctFromBelow/7", "-3", "holds -3; expected numbers from 0 to 1000")]
    [InlineData("models/0/runs/0/distributions/node", "500", "distributions: node is 500; expected a whole number from 0 to 127")]
    [InlineData("models/0/runs/0/distributions/counts/3", "null", "a list holds null")]
    [InlineData("models/0/runs/0/distributions/counts/3", "[1]", "the length of an element of counts is 1; expected 80")]
    [InlineData("models/0/runs/0/weights/0/binWidth", "0.3", "weights[0]: binWidth is 0.3; expected a power of two")]
    [InlineData("models/0/runs/0/weights/0/tensor", "\"weight\"",
        "tensor is \"weight\"; expected a layer and a name, such as 0.weight")]
    [InlineData("models/0/runs/0/prototypes/imageWidth", "3", "an image has 784 pixels; expected 28 × 3")]
    [InlineData("models/0/runs/0/prototypes/classes/2/mu", "[1]", "prototypes: classes[2]: alpha.length is 128; expected 1")]
    [InlineData("models/0/runs/0/prototypes/classes/2/nearest", "[]", "the number of nearest images is 0; expected 8")]
    [InlineData("models/0/runs/0/representation/0/outputs/1", "1.5", "a value of outputs is 1.5; expected a number from 0 to 1")]
    [InlineData("models/0/runs/0/theory/classes/0/deviation", "[1]",
        "theory: classes[0]: the length of weight, mean, deviation or othersMean is 1; expected 128")]
    [InlineData("models/0/runs", "[]", "models[0]: runs.count is 0; expected 1 or more")]
    [InlineData("splits", "[]", "splits.count is 0; expected 1 or more")]
    [InlineData("format", "2", "has format 2; this version of the program reads format 1")]
    public void An_analysis_with_a_value_that_cannot_be_is_refused(string path, string json, string expected)
    {
        string file = Path.Combine(AnalysisFolder.DefaultOf(_folder.Path), "analysis.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        JsonFile.Write(file, new SyntheticAnalysis { Models = ["Abs-L2-Neg"], Runs = 2 }.Build());
        Assert.NotNull(AnalysisFolder.Find(_folder.Path));
        Replace(file, path, json);
        string message = Refusal(() => AnalysisFolder.Find(_folder.Path));
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.EndsWith("; analyse again", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_analysis_of_networks_that_diverged_is_read_as_it_was_written()
    {
        string file = Path.Combine(AnalysisFolder.DefaultOf(_folder.Path), "analysis.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        JsonFile.Write(file, new SyntheticAnalysis { Models = ["ReLU", "L2-Neg"], Diverged = true }.Build());
        byte[] written = File.ReadAllBytes(file);
        JsonFile.Write(file, AnalysisFolder.Find(_folder.Path)!);
        Assert.Equal(written, File.ReadAllBytes(file));
    }

    [Theory]
    [InlineData("twice", "{\"epoch\":1,\"epoch\":2}", "epoch appears twice")]
    [InlineData("nothing", "", "the file is empty")]
    [InlineData("blanks", " \n\t", "the file is empty")]
    [InlineData("null", "null", "it is null")]
    [InlineData("number", "7", "it is 7; expected an object")]
    [InlineData("cut off", "{\n\"epoch\":1,\n\"loss\":", "cannot be read as JSON at line 3")]
    [InlineData("foreign", "epoch,loss\n", "cannot be read as JSON at line 1")]
    [InlineData("two marks", "\uFEFF\uFEFF{}", "cannot be read as JSON at line 1")]
    [InlineData("more", "{}\n{}", "cannot be read as JSON at line 2")]
    [InlineData("missing", "{\"epoch\":1}", "loss is missing")]
    [InlineData("levels", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "cannot be read as JSON at line 1")]
    public void What_is_no_record_is_refused(string name, string json, string expected)
    {
        string file = _folder[name];
        File.WriteAllText(file, json);
        Assert.Contains(expected, Refusal(() => JsonFile.Read<EpochRecord>(file, "do something")), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_refused_and_a_byte_order_mark_is_not()
    {
        string file = _folder["record"];
        byte[] json = "{\"epoch\":1,\"loss\":0.5,\"trainAccuracy\":50,\"testAccuracy\":null,\"seconds\":1}"u8.ToArray();
        File.WriteAllBytes(file, [0xEF, 0xBB, 0xBF, .. json]);
        Assert.Equal(new EpochRecord(1, 0.5, 50, null, 1), JsonFile.Read<EpochRecord>(file, "do something"));
        File.WriteAllText(file, """{"a":"\ud800"}""");
        string Refused() => Refusal(() => JsonFile.Read<EpochRecord>(file, "do something"));
        Assert.Contains("its text at byte 5 is no Unicode text", Refused(), StringComparison.Ordinal);
        File.WriteAllBytes(file, [.. Encoding.ASCII.GetBytes("{\"a\":\""), 0xFF, .. "\"}"u8]);
        Assert.Equal($"{file}: is damaged or not of this program: its text is not UTF-8; do something", Refused());
    }
}

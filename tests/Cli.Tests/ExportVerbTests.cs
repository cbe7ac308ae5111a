using System.Globalization;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Cli.Tests;

public sealed class ExportVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ExportVerbTests()
    {
        CliResult result = CliCall.Run(
            "train", "--dataset", "digits", "--device", "cpu", "--model", "linear(5) > abs > offset-l2(10) > neg",
            "--epochs", "1", "--out", _folder["run"], "--quiet");
        Assert.Equal(0, result.ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_becomes_an_ONNX_file()
    {
        CliResult result = CliCall.Run("export", _folder["run"], "--to", "onnx", "--out", _folder["model.onnx"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            $"linear(5) > abs > offset-l2(10) > neg, 64 inputs and 10 classes, is in {_folder["model.onnx"]}\n", result.Output);
        // ir_version: 7, producer_name.
        Assert.Equal("08-07-12-0E", BitConverter.ToString(File.ReadAllBytes(_folder["model.onnx"])[..4]));
    }

    [Fact]
    public void A_model_becomes_a_folder_for_PyTorch_of_which_it_can_be_read_again()
    {
        CliResult result = CliCall.Run(
            "export", _folder["run/model.safetensors"], "--to", "pytorch", "--out", _folder["for/pytorch"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            ["model.py", "model.safetensors"],
            Directory.GetFiles(_folder["for/pytorch"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            File.ReadAllBytes(_folder["run/model.safetensors"]), File.ReadAllBytes(_folder["for/pytorch/model.safetensors"]));
    }

    [SkippableTheory]
    [InlineData("linear(5) > abs > offset-l2(10) > neg")]
    [InlineData("linear(5) > abs > offset-l2(10, form: reference) > neg")]
    [InlineData("linear(5) > relu > linear(10, bias: false) > relu")]
    public void The_plain_Python_of_the_documentation_computes_the_logits(string model)
    {
        string document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "exchange.md"));
        const string Begin = "```python\n", End = "```\n";
        int begin = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        File.WriteAllText(_folder["network.py"], document[begin..document.IndexOf(End, begin, StringComparison.Ordinal)]);
        string saved = _folder["run/model.safetensors"];
        Assert.Equal(0, CliCall.Run(
            "train", "--dataset", "digits", "--device", "cpu", "--model", model, "--epochs", "5", "--out", _folder["run"],
            "--input-scale", "unit", "--force", "--quiet").ExitCode);
        Assert.Equal(0, CliCall.Run(
            "evaluate", saved, "--dataset", "digits", "--device", "cpu", "--logits", _folder["logits.csv"]).ExitCode);

        string[] expected = File.ReadAllLines(_folder["logits.csv"])[1].Split(',')[2..];
        string pixels = string.Join('\n', BuiltInDigits.Read().Test.Pixels[..64].ToArray());
        var result = Python.Run(pixels, _folder["network.py"], saved);
        Skip.If(result is null, "there is no python3");
        var (exitCode, output, error) = result.Value;
        Assert.Equal((0, ""), (exitCode, error));
        static double[] Numbers(IEnumerable<string> texts) =>
            [.. texts.Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        double[] logits = Numbers(output.Split(' '));
        Assert.Equal(10, logits.Length);
        Assert.All(Numbers(expected).Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [InlineData("onnx", "there", "--out there: is a folder; name a file in it")]
    [InlineData("onnx", "not/there/model.onnx", "there is no folder")]
    [InlineData("pytorch", "run/run.json", "is a file; name a folder with --out")]
    public void A_place_that_cannot_be_is_refused_in_one_line(string target, string place, string expected)
    {
        Directory.CreateDirectory(_folder["there"]);
        CliResult result = CliCall.Run("export", _folder["run"], "--to", target, "--out", _folder[place]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(
            expected.Replace("--out there", $"--out {_folder["there"]}", StringComparison.Ordinal), result.Error,
            StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("export", "--to", "onnx", "--out", "run/model.safetensors")]
    [InlineData("export", "--to", "onnx", "--out", "run/run.json")]
    [InlineData("export", "--to", "onnx", "--out", "link")]
    [InlineData("export", "--to", "onnx", "--out", "linked-run/model.safetensors")]
    [InlineData("export", "--to", "pytorch", "--force", "--out", "linked-run")]
    [InlineData("evaluate", "--logits", "run/model.safetensors")]
    [InlineData("evaluate", "--logits", "run/metrics.csv")]
    [InlineData("page", "--out", "run/../run/model.safetensors")]
    [InlineData("page", "--out", "link")]
    public void What_is_read_is_not_replaced(string verb, params string[] options)
    {
        File.CreateSymbolicLink(_folder["link"], _folder["run/model.safetensors"]);
        Directory.CreateSymbolicLink(_folder["linked-run"], _folder["run"]);
        Dictionary<string, byte[]> before = FilesOfRun();
        CliResult result = CliCall.Run([verb, _folder["run"], .. options[..^1], _folder[options[^1]]]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.EndsWith(
            ": belongs to what is read for it and would be lost; name another file\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(before, FilesOfRun());
    }

    [Fact]
    public void A_folder_for_PyTorch_is_replaced_only_by_force()
    {
        string[] export = ["export", "zoo:Abs", "--to", "pytorch", "--out", _folder["full"]];
        Directory.CreateDirectory(_folder["full"]);
        File.WriteAllText(_folder["full/model.py"], "mine");
        CliResult refused = CliCall.Run(export);
        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.Equal(
            $"error: {_folder["full"]}: holds model.py already; name another folder with --out, or replace it with --force\n",
            refused.Error);
        Assert.Equal([_folder["full/model.py"]], Directory.GetFiles(_folder["full"]));
        Assert.Equal("mine", File.ReadAllText(_folder["full/model.py"]));
        Assert.Equal(0, CliCall.Run([.. export, "--force"]).ExitCode);
        Assert.NotEqual("mine", File.ReadAllText(_folder["full/model.py"]));
    }

    [Theory]
    [InlineData("train", "--dataset", "digits", "--device", "cpu", "--epochs", "0", "--out", "zoo:foo")]
    [InlineData("export", "zoo:Abs", "--to", "pytorch", "--out", "Zoo:foo")]
    [InlineData("export", "zoo:Abs", "--to", "onnx", "--out", "zoo:foo")]
    public void A_name_that_stands_for_a_trained_network_is_no_place(params string[] arguments)
    {
        CliResult result = CliCall.Run(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.EndsWith(
            $"{arguments[^1]}: a name that begins with zoo: stands for a trained network that comes along; " +
            $"write ./{arguments[^1]}\n", result.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(arguments[^1]));
    }

    private Dictionary<string, byte[]> FilesOfRun() =>
        Directory.GetFiles(_folder["run"]).ToDictionary(file => file, File.ReadAllBytes);

    [Fact]
    public void A_file_without_a_network_is_refused_and_nothing_is_written()
    {
        File.WriteAllText(_folder["model.safetensors"], "\u0002\0\0\0\0\0\0\0{}");
        CliResult result = CliCall.Run("export", _folder["model.safetensors"], "--to", "onnx", "--out", _folder["model.onnx"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("does not say which network it holds", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["model.onnx"]));
    }
}

using System.Text.RegularExpressions;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli.Tests;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("no verb: expected train, reproduce, merge, report, evaluate, analyze, export, page, profile, " +
        "verify, kernels, devices or data; see ilgpu-distance --help")]
    [InlineData("unknown verb \"jump-and-run\": expected train, reproduce, merge, report, evaluate, analyze, export, page, ",
        "jump-and-run")]
    [InlineData("unknown verb \"trian\"; did you mean train? Expected is train, reproduce, ", "trian", "--epochs", "3")]
    [InlineData("unknown verb \"trian\"; did you mean train?", "help", "trian")]
    [InlineData("unknown verb \"Train\"; did you mean train?", "Train")]
    [InlineData("unknown verb \"fit\"; did you mean train?", "fit")]
    [InlineData("unknown verb \"run\"; did you mean train?", "run")]
    [InlineData("unknown verb \"test\"; did you mean evaluate?", "test", "model.safetensors")]
    [InlineData("unknown verb \"eval\"; did you mean evaluate?", "eval")]
    [InlineData("unknown verb \"version\"; did you mean --version?", "version")]
    [InlineData("unknown verb \"-V\"; did you mean --version?", "-V")]
    [InlineData("unknown verb \"tets\": expected train, ", "tets")]
    [InlineData("--augment: train has no such option; see", "train", "--augment", "0.1")]
    [InlineData("--momentum: train has no such option; did you mean --optimizer?", "train", "--momentum", "0.9")]
    [InlineData("--optimizer \"adamax\": unknown optimizer \"adamax\"; known are sgd, momentum", "train", "--optimizer",
        "adamax")]
    [InlineData("--lr-schedule \"linear\": unknown schedule \"linear\"; known are constant, cosine, step", "train",
        "--lr-schedule", "linear")]
    [InlineData("--lr-of \"beta=1\": unknown role \"beta\"; known are weight, bias, mu, alpha, offset", "reproduce", "--lr-of",
        "beta=1", "--out", "nowhere")]
    [InlineData("--lr-of \"mu=2\": \"linear(10)\" has no mu; there are weight, bias", "train", "--dataset", "digits", "--device",
        "cpu", "--model", "linear(10)", "--lr-of", "mu=2")]
    [InlineData("--weights: evaluate has no such option; see", "evaluate", "a", "--weights", "b")]
    [InlineData("--model: kernels has no such option; see", "kernels", "--model", "Abs")]
    [InlineData("--check: train has no such option; did you mean --checkpoint-every or --checkpoint-seconds?", "train", "--check",
        "1")]
    [InlineData("unknown model \"Foo\"; known are ", "train", "--model", "Foo")]
    [InlineData(
        "zoo:Abs is a trained network, and no model; begin with its parameters with --init", "train", "--model", "zoo:Abs")]
    [InlineData("--learning-rate: train has no such option; did you mean --lr? See", "train", "--learning-rate", "1")]
    [InlineData("--output: train has no such option; did you mean --out?", "train", "--output=x")]
    [InlineData("--batch: train has no such option; did you mean --batch-size?", "train", "--batch", "32")]
    [InlineData("--gpu: train has no such option; did you mean --device?", "train", "--gpu")]
    [InlineData("--model: reproduce has no such option; did you mean --models?", "reproduce", "--model", "Abs")]
    [InlineData("--output: kernels has no such option; did you mean --out?", "kernels", "--output", "x")]
    [InlineData("--epochs: options come after a verb; expected train, reproduce, merge, report, evaluate, analyze, export, " +
        "page, profile, verify, kernels, devices or data", "--epochs", "3")]
    [InlineData("\"mnist\": data takes options only; see ilgpu-distance data --help", "data", "mnist")]
    [InlineData("\"b\": evaluate takes no second argument", "evaluate", "a", "b")]
    [InlineData("evaluate: expected FILE after it", "evaluate", "--split", "test")]
    [InlineData("report: expected FOLDER after it", "report")]
    [InlineData("--epoch: train has no such option; did you mean --epochs? See ilgpu-distance train --help", "train", "--epoch",
        "3")]
    [InlineData("-x: train has no such option; see", "train", "-x")]
    [InlineData("--: train has no such option; see", "train", "--")]
    [InlineData("--data: expected FOLDER after it, found nothing; see ilgpu-distance train --help", "train", "--data")]
    [InlineData("--data: expected FOLDER after it, found --epochs", "train", "--data", "--epochs", "3")]
    [InlineData("--out: expected FOLDER after it, found nothing", "train", "--out", "")]
    [InlineData("--dataset: expected NAME after it, found nothing", "train", "--dataset=")]
    [InlineData("--json=true: expected no value; give --json alone", "data", "--json=true")]
    [InlineData("\"true\": data takes options only", "data", "--json", "true")]
    [InlineData("--epochs: given twice; give it once", "train", "--epochs", "3", "--epochs=4")]
    [InlineData("--json: given twice; give it once", "data", "--json", "--json")]
    [InlineData("--dataset letters: expected one of auto, mnist, ", "train", "--dataset", "letters")]
    [InlineData("--dataset 1: expected one of auto, mnist, ", "train", "--dataset=1")]
    [InlineData("--input-scale loud: expected raw, unit or standardized", "evaluate", "a", "--input-scale", "loud")]
    [InlineData("--epochs x: expected a whole number", "train", "--epochs", "x")]
    [InlineData("--epochs 3000000000: expected a whole number from -2147483648 to 2147483647", "train", "--epochs", "3000000000")]
    [InlineData("--seed 1.5: expected a whole number", "train", "--seed", "1.5")]
    [InlineData(
        "--seed 9223372036854775808: expected a whole number from -9223372036854775808 to 9223372036854775807",
        "train", "--seed", "9223372036854775808")]
    [InlineData("--lr x: expected a number", "train", "--lr", "x")]
    [InlineData("--lr 1e-60: expected a number that float32 can hold, of a size from 1.4e-45 to 3.4e38", "train", "--lr",
        "1e-60")]
    [InlineData("--out runs\\n1: expected FOLDER without characters that are not seen; this one has \\n", "train", "--out",
        "runs\n1")]
    [InlineData("--out \\u200b: expected FOLDER without characters that are not seen; this one has \\u200b", "train", "--out",
        "\u200b")]
    [InlineData("--out \\u202ex: expected FOLDER without characters that are not seen; this one has \\u202e", "train", "--out",
        "\u202ex")]
    [InlineData("--out: expected FOLDER after it, found only blanks; see ilgpu-distance train --help", "train", "--out", " ")]
    [InlineData("--data file:///mnist: expected a path on this machine, not an address; leave out \"file://\"", "data", "--data",
        "file:///mnist")]
    [InlineData("--batch-size 99999999999: expected full or a whole number from -2147483648 to 2147483646", "train",
        "--batch-size", "99999999999")]
    [InlineData("--lr 0,1: expected a number", "train", "--lr=0,1")]
    [InlineData("export: expected --out PATH; see ilgpu-distance export --help", "export", "zoo:Abs", "--to", "onnx")]
    [InlineData("export: expected --to onnx|pytorch; see ilgpu-distance export --help", "export", "zoo:Abs", "--out", "x")]
    [InlineData("page: expected --out FILE; see ilgpu-distance page --help", "page", "zoo:Abs")]
    [InlineData("--lr -0.5: expected a finite number above 0", "train", "--lr", "-.5")]
    public void Wrong_use_is_refused_in_one_line_that_says_what_is_expected(string problem, params string[] arguments)
    {
        CliResult result = CliCall.Run(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        string line = Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.StartsWith($"error: {problem}", line, StringComparison.Ordinal);
    }

    /// <summary>Every option of every verb that takes a value, with one that only its type or its text can refuse.</summary>
    public static TheoryData<string, string, string> OptionValues()
    {
        string[] texts = ["run\n1", " ", "\t ", "a\u001b[2Jb", "\u200b", "\u200d", "\u202ex", "\u2800", "a\uFEFF"];
        string[] paths = ["file:///tmp/x", "FILE:x", "https://example.org/x"];
        string[] numbers = ["1e-60", "-1e-400", "1e60", "0.0000000000000000000000000000000000000000000000000000001", "NaN",
            "Infinity", "one"];
        string[] integers = ["99999999999999999999", "1.5", "0x10", "1e3"];
        var data = new TheoryData<string, string, string>();
        foreach (VerbDescription verb in Program.Verbs)
        {
            foreach (VerbOption option in verb.Options.Where(option => !option.IsFlag))
            {
                bool isPath = option.Placeholder is "FILE" or "FOLDER" or "DIR" or "PATH";
                string[] more = isPath ? paths : option.Type == typeof(float) ? numbers : option.Type == typeof(int)
                    || option.Type == typeof(long) ? integers : [];
                foreach (string value in (string[])[.. texts, .. more])
                    data.Add(verb.Name, option.Name, value);
            }
            foreach (string value in verb.Values.Count == 0 ? [] : (string[])[.. texts, .. paths])
                data.Add(verb.Name, "", value);
        }
        return data;
    }

    [Fact]
    public void Every_option_refuses_what_cannot_be_its_value_in_one_visible_line()
    {
        Assert.All(OptionValues(), row =>
        {
            var (name, option, value) = ((string)row[0], (string)row[1], (string)row[2]);
            VerbDescription verb = Program.Verbs.Single(verb => verb.Name == name);
            // Once behind the option and once joined to it.
            foreach (string[] arguments in option.Length == 0 ? (string[][])[[value]] : [[option, value], [$"{option}={value}"]])
            {
                string message = Assert.Throws<InputException>(() => { ArgumentCheck.Check(verb, arguments); }).Message;
                Assert.Contains(": expected ", message, StringComparison.Ordinal);
                Assert.DoesNotContain(message, char.IsControl);
                Assert.StartsWith(option.Length > 0 ? option : string.IsNullOrWhiteSpace(value) ? name : VisibleText.OneLine(
                    value), message, StringComparison.Ordinal);
            }
        });
    }

    [Theory]
    [InlineData("train", "--lr", "1e-45")]
    [InlineData("train", "--lr", "0.0e-99")]
    [InlineData("train", "--lr", "3.4e38")]
    [InlineData("train", "--out", "runs/file:1")]
    [InlineData("train", "--model", "linear(3) > abs > linear(10)")]
    [InlineData("train", "--seed", "-0")]
    public void What_can_be_a_value_is_left_to_the_verb(string name, string option, string value) =>
        Assert.Equal([$"{option}={value}"],
            ArgumentCheck.Check(Program.Verbs.Single(verb => verb.Name == name), [option, value]));

    [Fact]
    public void A_value_may_begin_with_a_blank()
    {
        CliResult result = CliProcess.Run(
            "train", "--dataset", "digits", "--device", "cpu", "--epochs", "0", "--lr", " 0.5", "--model= ReLU", "--quiet");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public void A_value_may_follow_an_equals_sign_and_may_be_negative()
    {
        string[] common = ["train", "--dataset=DIGITS", "--device=cpu", "--epochs=0", "--quiet"];
        string spaced = CliCall.Run([.. common, "--seed", "-9223372036854775808"]).Output,
            joined = CliCall.Run([.. common, "--seed=-9223372036854775808"]).Output;
        Assert.StartsWith("train ", spaced, StringComparison.Ordinal);
        Assert.Equal(spaced[..spaced.IndexOf(" in ", StringComparison.Ordinal)],
            joined[..joined.IndexOf(" in ", StringComparison.Ordinal)]);
    }

    [Fact]
    public void Help_names_the_verbs_with_what_they_do_and_the_first_steps()
    {
        CliResult result = CliCall.Run("--help");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        foreach (string start in new[] { "train  ", "evaluate  ", "report  ", "devices  ", "data  ",
            "ilgpu-distance train --out " })
        {
            Assert.Contains($"\n  {start}", result.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("train", "--input-scale raw|unit|standardized", "Default: raw.")]
    [InlineData("reproduce", "--models A,B,...", "--preset paper|paper-50k|quick", "Default: paper.")]
    [InlineData("evaluate", "  FILE  ", "--split train|test")]
    [InlineData("report", "  FOLDER  ", "--out FOLDER")]
    [InlineData("devices", "--json", "Print the list as JSON.")]
    [InlineData("data", "--data FOLDER", "--dataset NAME")]
    [InlineData("export", "Usage: ilgpu-distance export FILE --to onnx|pytorch --out PATH [OPTIONS]")]
    public void The_help_of_a_verb_fits_a_terminal_and_is_given_whatever_else_is_said(string verb, params string[] expected)
    {
        CliResult result = CliCall.Run(verb, "--data", "--help");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.All(expected, text => Assert.Contains(text, result.Output, StringComparison.Ordinal));
        Assert.All(result.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    [Theory]
    [InlineData("--help", "-h")]
    [InlineData("--help", "help")]
    [InlineData("train --help", "train -h")]
    [InlineData("train --help", "help train")]
    [InlineData("--version", "-v")]
    public void Help_and_version_can_be_asked_for_in_the_usual_ways(string canonical, string other) =>
        Assert.Equal(CliCall.Run(canonical.Split(' ')), CliCall.Run(other.Split(' ')));

    [Theory]
    [InlineData("train")]
    [InlineData("reproduce")]
    public void The_help_of_a_verb_that_takes_models_lists_them_and_the_layers(string verb)
    {
        string help = CliCall.Run(verb, "--help").Output;
        Assert.All(PaperModels.All, model => Assert.Matches($@"\n  {model.Name} +\w", help));
        Assert.All(LayerKinds.All, layer => Assert.Matches($@"\n  {Regex.Escape(layer.Text)}\s+\w", help));
        Assert.Contains("\n  offset-l2(N, form: paper|reference)\n", help, StringComparison.Ordinal);
    }

    /// <summary>No data is there, and none may be downloaded: whoever looks for it first says so.</summary>
    [Theory]
    [InlineData("unknown model \"Abs3\"; did you mean Abs", "train", "--model", "Abs3")]
    [InlineData("layer 1, \"linear()\": expected the number of outputs", "train", "--model", "linear()")]
    [InlineData("none.safetensors: there is no such file", "train", "--init", "none.safetensors")]
    [InlineData("device \"gpu\": expected auto, cpu", "train", "--device", "gpu")]
    [InlineData("device \"cuda:77\": ", "train", "--device", "cuda:77")]
    [InlineData("0 threads: expected 1 to 256", "train", "--threads", "0")]
    [InlineData("unknown model \"Abs3\"", "reproduce", "--models", "ReLU,Abs3", "--out", "a")]
    [InlineData("device \"opencl:77\": ", "reproduce", "--device", "opencl:77", "--out", "a")]
    [InlineData("unknown model \"Abs3\"", "profile", "--model", "Abs3")]
    [InlineData("device \"cuda:77\": ", "profile", "--device", "cuda:77")]
    public void What_cannot_be_right_is_refused_before_any_data_is_looked_for(string problem, params string[] arguments)
    {
        CliResult result = CliCall.Run([.. arguments, "--dataset", "mnist", "--offline"]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(problem, Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_a_number_without_a_commit() =>
        Assert.Matches(@"^ilgpu-distance \d+\.\d+\.\d+\s*$", CliProcess.Run("--version").Output);
}

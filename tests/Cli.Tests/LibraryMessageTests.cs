using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli.Tests;

/// <summary>The library speaks of its settings; the command line says which option that is.</summary>
public partial class LibraryMessageTests
{
    [Theory]
    [InlineData(typeof(ComputeDevice))]
    [InlineData(typeof(Settings))]
    public void No_text_of_the_library_names_an_option_or_a_verb(Type type)
    {
        string[] texts = [.. Literals(type.Assembly.Location)];
        Assert.Contains(texts, text => text.Contains(": expected ", StringComparison.Ordinal));
        string[] named = [.. texts.Where(text => OptionOrVerb().IsMatch(text) && !IsData(text))];
        Assert.True(named.Length == 0, string.Join('\n', named));
    }

    [Fact]
    public void Every_setting_of_the_library_has_a_name_in_some_verb_and_none_where_the_verb_has_no_such_option()
    {
        Setting[] settings = [.. new[] { typeof(Settings), typeof(DeviceSettings) }
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Select(property => (Setting)property.GetValue(null)!)];
        Assert.True(settings.Length > 20);
        // What is known of a file is told and given by none.
        foreach (Setting setting in settings.Except([Settings.InitialModelSha256]))
            Assert.Contains(Program.Verbs, verb => new OptionNames(verb).Of(setting) is not null);
        var report = new OptionNames(new VerbDescription(typeof(ReportVerb)));
        Assert.Equal("--out", report.Of(Settings.OutputFolder));
        Assert.Null(report.Of(Settings.LearningRate));
        Assert.Equal("--lr", new OptionNames(new VerbDescription(typeof(TrainVerb))).Of(Settings.LearningRate));
        Assert.Equal("--batch-size", new OptionNames(new VerbDescription(typeof(TrainVerb))).Of(new Setting("batch size")));
    }

    [Theory]
    [InlineData("--epochs -1: expected 0 or more", "train", "--epochs", "-1")]
    [InlineData("--lr 0: expected a finite number above 0", "train", "--lr", "0")]
    [InlineData("--lr 0: expected a finite number above 0", "profile", "--lr", "0")]
    [InlineData("--batch-size 0: expected 1 to the number of training samples, or full", "train", "--batch-size", "0")]
    [InlineData("--eval-every 0: expected 1 or more", "train", "--eval-every", "0")]
    [InlineData("--checkpoint-every 0: expected 1 or more", "train", "--checkpoint-every", "0")]
    [InlineData("--checkpoint-seconds -1: expected 0 or more", "train", "--checkpoint-seconds", "-1")]
    [InlineData("--preset slow: expected paper, paper-50k or quick", "reproduce", "--preset", "slow", "--out", "x")]
    [InlineData("--classes 300: expected 2 to 256", "data", "--classes", "300")]
    [InlineData("the digits are built in and read no folder; leave out --data, or --dataset digits",
        "data", "--dataset", "digits", "--data", "x")]
    [InlineData("--what x: \"x\" is no analysis; ", "analyze", "x", "--what", "x")]
    [InlineData("device \"gpu\": expected auto, cpu, cuda, opencl, cuda:N or opencl:N; \"ilgpu-distance devices\" lists them",
        "train", "--device", "gpu")]
    public void The_command_line_names_its_options_in_messages_of_the_library(string message, params string[] arguments)
    {
        CliResult result = CliCall.Run(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: {message}", result.Error, StringComparison.Ordinal);
    }

    /// <summary>
    /// What is no message: the argument by which the program asks itself, the names of colours in style sheets, and the dashes
    /// before the options that a report lists as they were given.
    /// </summary>
    private static bool IsData(string text) => text is "--ask-driver-for-devices" or "--" || Colour().IsMatch(text);

    /// <summary>The literals of an assembly; of interpolated strings each piece.</summary>
    private static List<string> Literals(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        var texts = new List<string>();
        for (UserStringHandle at = MetadataTokens.UserStringHandle(1); !at.IsNil; at = reader.GetNextHandle(at))
            texts.Add(reader.GetUserString(at));
        return texts;
    }

    [GeneratedRegex("--([a-z]|$)|ilgpu-distance ")]
    private static partial Regex OptionOrVerb();

    [GeneratedRegex("^--(paper|ink|faint|grid|blue|vermilion|green|purple|orange|sky|wine|black)$")]
    private static partial Regex Colour();
}

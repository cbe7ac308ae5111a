using System.Globalization;
using IlgpuDistance.Cli;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Training.Runs;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Checks.Zoo;

/// <summary>The README of the folder of trained networks: what each is, how good, and how it was made.</summary>
internal static class ZooReadme
{
    /// <summary>Writes it.</summary>
    /// <param name="models">The networks.</param>
    /// <param name="experiments">The folders of experiments that they come from.</param>
    /// <param name="output">Where it goes.</param>
    public static void Write(IReadOnlyList<ZooModel> models, IEnumerable<string> experiments, TextWriter output)
    {
        void Line(string text) => output.Write($"{text}\n");

        string example = models[^1].Name;
        string devices = string.Join("; ", models.Select(model => DeviceOf(model.Run)).Distinct());
        Line($"""
            # Trained networks

            <!-- scripts/make-models writes this file and those beside it. -->

            They are in the program: `zoo:NAME`, in any case, stands for one wherever a verb takes the file of a model.

                ilgpu-distance evaluate zoo:{example}
                ilgpu-distance analyze zoo:{example} --out analysis
                ilgpu-distance page {string.Join(' ', models.Select(model => $"zoo:{model.Name}").TakeLast(2))} --out page.html
                ilgpu-distance export zoo:{example} --to onnx --out {example}.onnx
                ilgpu-distance train --init zoo:{example} --model {example}

            Accuracies are in percent; the training accuracy and the loss are those before the last step. Trained on
            {string.Join("; ", models.Select(model => model.Run.Data.Name).Distinct())} with {devices},
            in so many minutes as the table says, beside other work.

            | name | layers | test | training | loss | epochs | time |
            |---|---|--:|--:|--:|--:|--:|
            """);
        foreach (var (name, _, run) in models)
        {
            Line($"| {name} | {run.Model.Replace(">", "→", StringComparison.Ordinal)} " +
                $"| {Numbers.Plain(run.Final!.TestAccuracy)} | {Numbers.Plain(run.Final.TrainAccuracy)} " +
                $"| {Numbers.Loss(run.Final.Loss)} | {Numbers.Count(run.Final.Epoch)} | {run.Seconds / 60:0} min |");
        }
        foreach (ZooModel flawed in models.Where(model => model.Run.Defect is not null))
            Line($"\n{flawed.Name}: {flawed.Run.Defect}.");
        Line("""

            This trains them again, on the same kind of processor to the same bits:

            """);
        foreach (ZooModel model in models)
            Line($"    {CommandOf(model)}");
        Line("""

            `sha256sum --check README.md`, in this folder, compares the files with these sums:

            ```
            """);
        foreach (ZooModel model in models)
            Line($"{RunResults.Sha256Of(model.File)}  {ZooFolder.FileOf(model)}");
        Line($"""
            ```

            `scripts/make-models {string.Join(' ', experiments)}` makes this folder.
            """);
    }

    private static string DeviceOf(RunDescription run)
    {
        string threads = run.Device.Threads is { } count ? $", {(count == 1 ? "one thread" : $"{count} threads")}" : "";
        return $"{run.Device.Name} ({run.Device.Executor.ToString().ToLowerInvariant()} executor{threads})";
    }

    /// <summary>The command that trains a network, with the options that have no default.</summary>
    private static string CommandOf(ZooModel model)
    {
        var verb = new VerbDescription(typeof(TrainVerb));
        var names = new OptionNames(verb);
        var command = new List<string> { "ilgpu-distance train", $"--model {Quoted(model.Name)}", $"--out {model.Name}" };
        foreach (var (setting, value) in model.Run.Training.Values()
            .Append((Settings.Run, model.Run.Run.ToString(CultureInfo.InvariantCulture))))
        {
            // The sum of a file to begin with is no option.
            if (names.Of(setting) is { } name && value != verb.Options.First(option => option.Name == name).Default)
                command.Add($"{name} {Quoted(value)}");
        }
        return string.Join(' ', command);
    }

    private static string Quoted(string value) => value.AsSpan().ContainsAny(" >()") ? $"\"{value}\"" : value;
}

using System.Reflection;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Gpu.Syntax;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Cli;

/// <summary>The texts of --help and --version.</summary>
internal static class Help
{
    /// <summary>
    /// Lines in a file or pipe are broken for a terminal of the usual width; those of a very wide one are hard to read.
    /// </summary>
    private const int UsualWidth = 80, LargestWidth = 100;
    private const int Indent = 2;

    /// <summary>Where explanations stand, or below the names where two columns are too much.</summary>
    private const int HelpColumn = 26, NarrowHelpColumn = 6, NarrowWidth = 60;

    private static int Width => Terminal.Output.Profile.Out.IsTerminal ? Math.Min(Terminal.Width, LargestWidth) : UsualWidth;

    /// <summary>The program's name and version.</summary>
    public static string Version { get; } =
        $"ilgpu-distance " +
            $"{typeof(Help).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion}";

    /// <summary>Says what the program does, which verbs it has, and how to begin.</summary>
    public static string Of(IEnumerable<VerbDescription> verbs) => $"""
        {Version}: trains small networks that measure distances (arXiv:2502.02103)

        Usage: ilgpu-distance VERB [OPTIONS]

        {string.Join('\n', verbs.Select(verb => Entry(verb.Name, verb.Help)))}

        First steps:

          ilgpu-distance devices
          ilgpu-distance train --out runs/first
          ilgpu-distance evaluate runs/first/model.safetensors

        "ilgpu-distance help VERB" or "VERB --help" explains the options of a verb;
        "ilgpu-distance --version" prints the version.
        """;

    /// <summary>Says what a verb does and takes.</summary>
    public static string Of(VerbDescription verb)
    {
        string[] entries =
        [
            .. verb.Values.Select(value => Entry(value.MetaName, value.HelpText)),
            .. verb.Options.Select(option => Entry(
                option.Usage, option.Default.Length == 0 ? option.Help : $"{option.Help} Default: {option.Default}.")),
            Entry("--help, -h", "Show this help."),
        ];
        bool Has(params IEnumerable<string> keys) => verb.Options.Any(option => keys.Contains(option.Key));
        string[] lists =
        [
            .. Has(AnalyzeVerb.WhatOption) ? [Analyses()] : Array.Empty<string>(),
            .. Has("model", "models") ? [Models()] : Array.Empty<string>(),
            .. Has("optimizer") ? [Optimizers()] : Array.Empty<string>(),
        ];
        string[] needed =
        [
            verb.Name, .. verb.Values.Select(value => value.MetaName),
            .. verb.Options.Where(option => option.IsRequired).Select(option => option.Usage),
        ];
        return $"""
            Usage: ilgpu-distance {string.Join(' ', needed)} [OPTIONS]

            {verb.Help}

            {string.Join("\n\n", (IEnumerable<string>)[string.Join('\n', entries), .. lists])}
            """;
    }

    /// <summary>Lists what can be analysed.</summary>
    private static string Analyses() => $"""
        Analyses:

        {string.Join('\n', Enum.GetValues<AnalysisKind>().Select(EntryOf))}
        """;

    private static string EntryOf(AnalysisKind kind) => Entry(AnalysisOptions.NameOf(kind), AnalysisOptions.MeaningOf(kind));

    /// <summary>Lists what can be named as a model.</summary>
    private static string Models() => $"""
        Models with {PaperModels.HiddenWidth} hidden nodes, of the paper unless it is said otherwise:

        {string.Join('\n', PaperModels.All.Select(model => Entry(model.Name, Sentence(model.Description))))}

        Layers, joined by ">", e.g. "linear(64) > abs > linear(10)":

        {Entries(LayerKinds.All)}
        """;

    /// <summary>Lists what can be named as an optimizer; all arguments may be left out.</summary>
    private static string Optimizers() => $"""
        Optimizers, whose arguments may be left out:

        {Entries(Optimizer.All)}

        Schedules of the learning rate, which rises from 0 in the epochs of a warm-up:

        {Entries(LearningRateSchedule.All)}
        """;

    private static string Entries<T>(IEnumerable<CallSyntax<T>> kinds) =>
        string.Join('\n', kinds.Select(kind => Entry(kind.Text, kind.Meaning)));

    private static string Sentence(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..]}.";

    /// <summary>A name at the left and its explanation in a column at the right, below a name that is too long.</summary>
    private static string Entry(string name, string explanation)
    {
        int column = Width < NarrowWidth ? NarrowHelpColumn : HelpColumn;
        string head = new string(' ', Indent) + name;
        IReadOnlyList<string> lines = WrappedText.Lines(new string(' ', column) + explanation, Width);
        return string.Join('\n', head.Length > column - Indent
            ? [head, .. lines]
            : [head.PadRight(column) + lines[0][column..], .. lines.Skip(1)]);
    }
}

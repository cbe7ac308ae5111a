using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Runs;

/// <summary>
/// All that decides the result of a training besides the network, the data and the device. It is stored with the run, and a run
/// goes on only where it is the same: whatever is added here is compared, without anything else to be done for it.
/// </summary>
internal sealed record TrainingSettings : IChecked
{
    /// <summary>What the network sees of a pixel.</summary>
    public InputScaling InputScale { get; init; }

    /// <summary>The file or folder with the parameters to begin with; null where they are drawn.</summary>
    public string? InitialModel { get; init; }

    /// <summary>
    /// The SHA-256 of that file, which tells whether two begin alike, wherever they lie; null where there is none, and from
    /// versions that did not keep it, of which only the path is known.
    /// </summary>
    public string? InitialModelSha256 { get; init; }

    /// <summary>How it is trained.</summary>
    public TrainingOptions Options { get; init; } = new();

    /// <summary>Every setting with its value as text; empty where it is not given.</summary>
    public IEnumerable<(Setting Setting, string Value)> Values()
    {
        JsonObject all = JsonSerializer.SerializeToNode(this, JsonFile.Options)!.AsObject();
        return all.SelectMany(pair => pair.Value is JsonObject inner ? inner : Enumerable.Repeat(pair, 1))
            .Select(pair => (SettingOf(pair.Key), pair.Value?.ToString() ?? ""));
    }

    /// <summary>
    /// What is equal where trainings are the same: every value, but not the place of a file whose content is known.
    /// </summary>
    internal IEnumerable<string> Key => Values()
        .Where(value => value.Setting != Settings.InitialModel || InitialModelSha256 is null).Select(value => value.Value);

    /// <summary>Checks that a training that was begun with these settings goes on with the same.</summary>
    /// <param name="now">With which it is to go on.</param>
    /// <param name="folder">Where it was begun.</param>
    /// <param name="except">What may be different.</param>
    /// <exception cref="InputException">A setting is different; the message names it.</exception>
    internal void CheckSame(TrainingSettings now, string folder, params IReadOnlyList<Setting> except)
    {
        if (DifferenceTo(now, except) is var (setting, was, wanted))
            throw Different(setting, was, wanted, folder);
    }

    /// <summary>The first setting that is different, with its value here and there; null where all are the same.</summary>
    /// <param name="other">The others.</param>
    /// <param name="except">What may be different.</param>
    internal (Setting Setting, string Here, string There)? DifferenceTo(
        TrainingSettings other, params IReadOnlyList<Setting> except)
    {
        foreach (var (here, there) in Values().Zip(other.Values()))
        {
            if (here != there && !except.Contains(here.Setting) && !BeginAlike(here.Setting, other))
                return (here.Setting, here.Value, there.Value);
        }
        return null;
    }

    /// <summary>Of settings that are the same those that say more of the initial parameters.</summary>
    internal static TrainingSettings Fuller(TrainingSettings first, TrainingSettings second) =>
        first.InitialModelSha256 is null && second.InitialModelSha256 is not null ? second : first;

    /// <summary>Whether a setting is about the initial parameters, which are those of the other training all the same.</summary>
    private bool BeginAlike(Setting setting, TrainingSettings other)
    {
        if (InitialModel is null || other.InitialModel is null)
            return false;
        bool areKnown = InitialModelSha256 is not null && other.InitialModelSha256 is not null;
        return setting == Settings.InitialModel
            ? areKnown || SavedModel.FullPathOf(InitialModel) == SavedModel.FullPathOf(other.InitialModel)
            : setting == Settings.InitialModelSha256 && !areKnown;
    }

    /// <summary>The error that a setting is not what it was when a folder was begun.</summary>
    internal static InputException Different(Setting setting, string was, string now, string folder) => new(
        $"{setting} {Shown(now)}: {folder} was begun with {setting} {Shown(was)}; " +
        $"use that, or name another folder{Hint.With(Settings.OutputFolder)}");

    /// <summary>What the file of a run or an experiment has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Options);
        if (InitialModelSha256 is not null)
            Expect.Hash(InitialModelSha256, SHA256.HashSizeInBytes, "initialModelSha256");
    }

    /// <summary>A value as messages have it.</summary>
    internal static string Shown(string text) => text.Length == 0 ? "(not given)" : text;

    /// <summary>A property's setting, which has its name.</summary>
    private static Setting SettingOf(string property) =>
        (Setting)(typeof(Settings).GetProperty(
            property, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Static)?.GetValue(null)
            ?? throw new InvalidOperationException($"{property} is no property of {nameof(Settings)}"));
}

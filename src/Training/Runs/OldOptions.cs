using System.Globalization;
using System.Text.Json;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Training.Runs;

/// <summary>
/// What older versions of this program wrote in place of <see cref="TrainingSettings"/>: options of their command line by name.
/// Runs and experiments that have them are read as before, and go on.
/// </summary>
internal static class OldOptions
{
    /// <summary>The settings that options stand for; others than those here did not decide results.</summary>
    /// <param name="options">Options with their values, as text or number.</param>
    /// <param name="epochs">Epochs where the options do not say.</param>
    /// <exception cref="JsonException">A value is none of its option.</exception>
    public static TrainingSettings ToSettings(IReadOnlyDictionary<string, JsonElement> options, int epochs)
    {
        string? Text(string name) => options.TryGetValue(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value.ToString()
            : null;
        T Value<T>(string name, T otherwise) where T : IParsable<T> =>
            Text(name) is not { } text ? otherwise
            : T.TryParse(text, CultureInfo.InvariantCulture, out T? value) ? value
            : throw new JsonException($"option {name} is \"{text}\"; expected a number");

        var standard = new TrainingOptions();
        return new TrainingSettings
        {
            InputScale = Text("input-scale") is not { } scale ? InputScaling.Raw
                : Enum.TryParse(scale, ignoreCase: true, out InputScaling known) ? known
                : throw new JsonException($"option input-scale is \"{scale}\"; expected raw, unit or standardized"),
            InitialModel = Text("init") is { Length: > 0 } model ? model : null,
            Options = standard with
            {
                Epochs = Value("epochs", epochs),
                LearningRate = Value("lr", standard.LearningRate),
                BatchSize = Text("batch-size") is "full"
                    ? TrainingOptions.FullBatch
                    : Value("batch-size", TrainingOptions.FullBatch),
                Seed = Value("seed", standard.Seed),
                EvaluateEvery = Value("eval-every", standard.EvaluateEvery),
            },
        };
    }
}

using System.Globalization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Optimizers;

/// <summary>
/// Factors of the learning rate by what a parameter is to its layer, as text such as <c>mu=100,alpha=0.5</c>; 1 for all others. 0
/// leaves parameters as they are.
/// </summary>
public sealed class RateFactors : IEquatable<RateFactors>
{
    private readonly SortedDictionary<ParameterRole, float> _factors = [];

    private RateFactors() { }

    /// <summary>1 for all parameters.</summary>
    public static RateFactors None { get; } = new();

    /// <summary>What messages call them.</summary>
    internal static Setting Setting { get; } = new("factors of the learning rate");

    /// <summary>The factor for a role.</summary>
    public float this[ParameterRole role] => _factors.GetValueOrDefault(role, 1);

    /// <summary>Reads factors; no text means <see cref="None"/>.</summary>
    /// <exception cref="InputException">A role is unknown or given twice, or a factor is no finite number from 0.</exception>
    public static RateFactors Parse(string text)
    {
        var (factors, given) = (new RateFactors(), new HashSet<string>());
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            InputException Error(string problem) => new($"{Setting} \"{text}\": {problem}");
            string[] pair = part.Split('=', StringSplitOptions.TrimEntries);
            if (part.Contains(';'))
                throw Error("expected commas between the roles, e.g. mu=100,alpha=0.5");
            if (pair.Length != 2)
                throw Error($"expected ROLE=FACTOR, e.g. mu=100, found \"{part}\"");
            if (!Enum.GetValues<ParameterRole>().Any(role => NameOf(role).Equals(pair[0], StringComparison.OrdinalIgnoreCase)))
                throw Error($"unknown role \"{pair[0]}\"; known are {Names(Enum.GetValues<ParameterRole>())}");
            if (!float.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out float factor)
                || !float.IsFinite(factor) || factor < 0)
            {
                throw Error($"the factor of {pair[0]} is \"{pair[1]}\"; expected a number from 0 to 3.4e38");
            }

            if (!given.Add(pair[0].ToLowerInvariant()))
                throw Error($"{pair[0]} is given twice");
            // 1 is what goes without saying: two texts that mean the same are equal.
            if (factor != 1)
                factors._factors.Add(Enum.Parse<ParameterRole>(pair[0], ignoreCase: true), factor);
        }
        return factors;
    }

    /// <summary>Checks that networks have the roles, each at least one of them.</summary>
    /// <exception cref="InputException">None has a role; the message names it.</exception>
    public void CheckFits(params IEnumerable<NetworkPlan> plans)
    {
        ParameterRole[] roles = [.. plans.SelectMany(plan => plan.Tensors).Select(tensor => tensor.Role).Distinct().Order()];
        foreach (ParameterRole role in _factors.Keys.Where(role => !roles.Contains(role)))
        {
            string network = plans.Count() == 1 ? $"\"{plans.First().Network}\"" : "none of the networks";
            string verb = plans.Count() == 1 ? "has no" : "has a";
            throw new InputException(
                $"{Setting} \"{this}\": {network} {verb} {NameOf(role)}; there {(roles.Length == 1 ? "is" : "are")} " +
                $"{Names(roles)}");
        }
    }

    /// <summary>The factors as <see cref="Parse"/> reads them, in the order of the roles.</summary>
    public override string ToString() => string.Join(',', _factors.Select(pair => string.Create(
        CultureInfo.InvariantCulture, $"{NameOf(pair.Key)}={pair.Value:R}")));

    /// <inheritdoc/>
    public bool Equals(RateFactors? other) => other?.ToString() == ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RateFactors);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Consecutive tensors with the same factor, in the order of the device layout.</summary>
    internal IEnumerable<RateRange> RangesOf(IEnumerable<ParameterTensor> tensors)
    {
        RateRange? last = null;
        foreach (ParameterTensor tensor in tensors)
        {
            int end = tensor.DeviceOffset + tensor.DeviceCount;
            if (last?.Factor == this[tensor.Role])
            {
                last = last.Value with { End = end };
                continue;
            }
            if (last is not null)
                yield return last.Value;
            last = new RateRange(tensor.DeviceOffset, end, this[tensor.Role]);
        }
        if (last is not null)
            yield return last.Value;
    }

    private static string NameOf(ParameterRole role) => role.ToString().ToLowerInvariant();

    private static string Names(IEnumerable<ParameterRole> roles) => string.Join(", ", roles.Select(NameOf));
}

/// <summary>Parameters that have the same learning rate.</summary>
/// <param name="First">The first one's place in the device layout.</param>
/// <param name="End">The place behind the last one.</param>
/// <param name="Factor">The factor of the learning rate.</param>
internal readonly record struct RateRange(int First, int End, float Factor);

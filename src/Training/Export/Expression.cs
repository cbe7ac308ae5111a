using System.Globalization;
using IlgpuDistance.Gpu.Arithmetic;

namespace IlgpuDistance.Training.Export;

/// <summary>
/// A formula as a tree of ONNX's operators, broadcast like NumPy's. The formulas of layers are written in
/// <see cref="IArithmetic{T}"/>; with <see cref="ExpressionArithmetic"/> they build this tree in place of computing a value, so
/// that an exported network computes what the executors do.
/// </summary>
internal abstract record Expression
{
    private Expression() { }

    /// <summary>A tensor of the graph.</summary>
    /// <param name="Name">Its name.</param>
    public sealed record Value(string Name) : Expression;

    /// <summary>A number.</summary>
    /// <param name="Number">The number.</param>
    public sealed record Constant(float Number) : Expression
    {
        /// <summary>Its name in a graph.</summary>
        public string Name => Number.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>What an operator makes of others.</summary>
    /// <param name="Operator">The operator, without attributes.</param>
    /// <param name="Operands">Its inputs.</param>
    public sealed record Result(string Operator, params Expression[] Operands) : Expression;
}

/// <summary>Builds expressions. Sums with 0 are left out: that is where the sums of formulas begin.</summary>
internal readonly struct ExpressionArithmetic : IArithmetic<Expression>
{
    public static Expression Zero { get; } = new Expression.Constant(0);

    public static Expression Create(float value) => new Expression.Constant(value);

    public static Expression Add(Expression a, Expression b) =>
        a == Zero ? b : b == Zero ? a : new Expression.Result("Add", a, b);

    public static Expression Subtract(Expression a, Expression b) =>
        b == Zero ? a : a == Zero ? Negate(b) : new Expression.Result("Sub", a, b);

    public static Expression Multiply(Expression a, Expression b) => new Expression.Result("Mul", a, b);

    public static Expression Divide(Expression a, Expression b) => new Expression.Result("Div", a, b);

    public static Expression MultiplyAdd(Expression a, Expression b, Expression c) => Add(Multiply(a, b), c);

    public static Expression Max(Expression a, Expression b) =>
        b == Zero ? new Expression.Result("Relu", a) : new Expression.Result("Max", a, b);

    public static Expression Abs(Expression a) => new Expression.Result("Abs", a);

    public static Expression Negate(Expression a) => new Expression.Result("Neg", a);

    public static Expression Sqrt(Expression a) => new Expression.Result("Sqrt", a);

    public static Expression WhereGreater(Expression x, Expression limit, Expression value) =>
        new Expression.Result("Where", new Expression.Result("Greater", x, limit), value, Zero);
}
